#!/bin/sh
# Swaps every part of a running node a hundred times under load: failures, frames lost, time to recover. With --memory 1000:
# what is left behind after a thousand swaps. Needs root. --help tells the options.
set -eu
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.net.SwapBench "$@"
