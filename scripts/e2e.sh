#!/usr/bin/env bash
# The journeys of e2e/ in Chromium against bin/parley. Usage: scripts/e2e.sh [sqlite|postgres] [what playwright test takes]…
# The server and its settings are those of e2e/src/server.ts.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
engine=${E2E_ENGINE:-sqlite}
case "${1:-}" in sqlite | postgres) engine=$1 && shift ;; esac

echo "--- $engine"
if [ "$engine" = postgres ]; then
  start_postgres
  export E2E_DATABASE=$database_url
fi
mkdir -p "$root/e2e/results"
status=0
(cd "$root/e2e" && npm test --silent -- "$@" | tee "$scratch/e2e.log") || status=$?
if [ $status -ne 0 ]; then
  echo "--- last lines of the server:"
  tail -n 40 "$root/e2e/results/server.log"
fi
sed -nE 's/^ +([0-9]+ (passed|failed|flaky|skipped|did not run)).*/\1/p' "$scratch/e2e.log" | paste -sd ' ' | sed "s/^/= $engine: /"
exit $status
