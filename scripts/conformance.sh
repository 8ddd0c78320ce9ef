#!/usr/bin/env bash
# Runs conformance/ against bin/parley. Usage: scripts/conformance.sh [sqlite|postgres]…, both without.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
engines=("$@")
if [ ${#engines[@]} -eq 0 ]; then engines=(sqlite postgres); fi

# The suite needs settings that a careful default keeps off.
settings=(
  MM_TEAMSETTINGS_ENABLEOPENSERVER=true
  MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true
  MM_SERVICESETTINGS_ENABLEMULTIFACTORAUTHENTICATION=true
  MM_RATELIMITSETTINGS_ENABLE=false
  MM_FEATUREFLAGS_MOVETHREADSENABLED=true
  MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true
  MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1
  MM_SERVICESETTINGS_ENABLEOUTGOINGOAUTHCONNECTIONS=true
  MM_SUPPORTSETTINGS_CUSTOMTERMSOFSERVICEENABLED=true
  MM_CONTENTFLAGGINGSETTINGS_ENABLECONTENTFLAGGING=true
  MM_CONTENTFLAGGINGSETTINGS_REVIEWERSETTINGS_SYSTEMADMINSASREVIEWERS=true
)
failed=0
for engine in "${engines[@]}"; do
  echo "--- $engine"
  start_server "$engine" "${settings[@]}"
  if ! (cd "$root/conformance" && PARLEY_URL=$server_url npm test --silent | tee "$scratch/conformance.log"); then
    failed=1
    echo "--- last lines of the server:"
    tail -n 40 "$scratch/server-$engine.log"
  fi
  stop_server
  sed -nE 's/^(#|ℹ) (tests|pass|fail) /\2 /p' "$scratch/conformance.log" | paste -sd ' ' | sed "s/^/= $engine: /"
done
exit $failed
