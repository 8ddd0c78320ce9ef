#!/usr/bin/env bash
# Starts bin/parley on SQLite in ./data at :8065 (settings: MM_… variables, see README.md).
set -euo pipefail
cd "$(dirname "$0")/.."
export PARLEY_DATA=${PARLEY_DATA:-$PWD/data}
export MM_SERVICESETTINGS_LISTENADDRESS=${MM_SERVICESETTINGS_LISTENADDRESS:-:8065}
mkdir -p "$PARLEY_DATA"
echo "==> Parley keeps its data in $PARLEY_DATA"
echo "==> Open http://localhost:${MM_SERVICESETTINGS_LISTENADDRESS##*:} (Ctrl+C stops the server)"
exec bin/parley serve
