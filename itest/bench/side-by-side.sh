#!/bin/sh
# Measures tier6 and other tunnels side by side; needs root. --help tells the options.
# The C node takes part where TIER6_REFERENCE names its prefix; other peers where they are installed:
#   apt-get install tinc fastd n2n openvpn nebula wireguard-go wireguard-tools iperf3 openssl
set -eu
cd "$(dirname "$0")/../.."
exec itest/bench/java tier6.itest.bench.SideBySide "$@"
