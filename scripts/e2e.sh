#!/usr/bin/env bash
# The journeys of e2e/ in Chromium against bin/parley. Usage: scripts/e2e.sh [sqlite|postgres] [what playwright test takes]…
set -euo pipefail
source "$(dirname "$0")/lib.sh"
engine=${E2E_ENGINE:-sqlite}
case "${1:-}" in sqlite | postgres) engine=$1 && shift ;; esac

# The settings are those of e2e/src/server.ts.
settings=(
  MM_TEAMSETTINGS_ENABLEOPENSERVER=true
  MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true
  MM_SERVICESETTINGS_ENABLEMULTIFACTORAUTHENTICATION=true
  MM_RATELIMITSETTINGS_ENABLE=false
  MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1
  MM_SERVICESETTINGS_COLLAPSEDTHREADS=default_on
)
echo "--- $engine"
start_server "$engine" "${settings[@]}"
status=0
(cd "$root/e2e" && PARLEY_URL=$server_url npm test --silent -- "$@" | tee "$scratch/e2e.log") || status=$?
if [ $status -ne 0 ]; then
  echo "--- last lines of the server:"
  tail -n 40 "$scratch/server-$engine.log"
fi
stop_server
sed -nE 's/^ +([0-9]+ (passed|failed|flaky|skipped|did not run)).*/\1/p' "$scratch/e2e.log" | paste -sd ' ' | sed "s/^/= $engine: /"
exit $status
