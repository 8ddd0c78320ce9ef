#!/usr/bin/env bash
# Builds the web client into web/dist, which the server embeds.
set -euo pipefail
cd "$(dirname "$0")/../web"
if [ -f package.json ]; then
  echo "==> web/dist"
  npm run --silent build
else
  echo "==> web/dist (a plain page, nothing to build)"
fi
