#!/usr/bin/env bash
# Measures searching on both databases, through HTTP with eight clients, among POSTS made-up posts (a million
# unless set). On the machine of docs/performance.md a million takes some ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
PARLEY_SEARCH_POSTS=${POSTS:-1000000} go test ./internal/search -run '^$' -bench '^BenchmarkSearch$' -benchtime 1x -timeout 3h
