#!/usr/bin/env bash
# Measures the web client in Chromium; the figures go to e2e/results/perf.json. PARLEY_URL measures another server,
# PERF_CHANNELS, PERF_POSTS and PERF_LONG say how much there is to read (100 rooms of 1000 posts, one of 100000).
set -euo pipefail
cd "$(dirname "$0")/../e2e"
exec npx playwright test -c perf "$@"
