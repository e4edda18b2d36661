#!/bin/sh
# Takes the tour of distribution/docs/tour.md once more and records it there, as root; builds what is not built yet. TourTest
# takes it too, and records nothing.
set -eu
cd "$(dirname "$0")/.."
exec itest/bench/java tier6.itest.net.Tour distribution/docs/tour.md
