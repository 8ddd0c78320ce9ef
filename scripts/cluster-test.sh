#!/usr/bin/env bash
# Two nodes with CLIENTS websockets each (50) and people who write: NATS is away for OUTAGE seconds (10), a node is killed,
# both are updated one after the other. Says how soon everybody saw everything again.
set -euo pipefail
cd "$(dirname "$0")/.."
PARLEY_FLEET_CLIENTS=${CLIENTS:-50} PARLEY_FLEET_OUTAGE=${OUTAGE:-10} go test ./internal/server -count=1 -v -run '^TestFleet$' -timeout 10m
