#!/usr/bin/env bash
# Starts bin/parley on SQLite in ./data at :8065; the server prints its address. Settings: MM_… variables.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "==> Parley keeps its data in ${PARLEY_DATA:-$PWD/data}; Ctrl+C stops it"
exec bin/parley serve
