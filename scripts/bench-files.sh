#!/usr/bin/env bash
# Measures sending and fetching a file of a gigabyte (BYTES sets another size), whole and in parts, with what the
# server's memory grows by, and how long the small pictures of photos take.
set -euo pipefail
cd "$(dirname "$0")/.."
PARLEY_FILE_BYTES=${BYTES:-1073741824} go test ./internal/server -run '^$' -bench '^BenchmarkFiles$' -benchtime 1x -timeout 1h
