# shellcheck shell=bash
# Sourced by test.sh and check.sh: run named steps, go on after a failure, print a table at the end.
# A step's output is shown; a last line that begins with "= " becomes its note in the table.

steps_dir=$(mktemp -d)
steps_table=
steps_failed=0
steps_begin=$SECONDS

step() { # name, command…
  local name=$1 log=$steps_dir/log begin=$SECONDS verdict=ok note
  shift
  printf '\n==> %s\n' "$name"
  "$@" 2>&1 | tee "$log" || { verdict=FAILED; steps_failed=$((steps_failed + 1)); }
  note=$(sed -n 's/^= //p' "$log" | paste -sd ';' | sed 's/;/; /g')
  steps_table+=$(printf '%-7s %-34s %4ss  %s' "$verdict" "$name" $((SECONDS - begin)) "$note")$'\n'
}

summary() { # title
  printf '\n%s\n' "======== $1 ========"
  printf '%s' "$steps_table"
  rm -rf "$steps_dir"
  if [ "$steps_failed" -gt 0 ]; then
    printf 'FAILED: %d step(s), %ds\n' "$steps_failed" $((SECONDS - steps_begin))
    return 1
  fi
  printf 'PASSED, %ds\n' $((SECONDS - steps_begin))
}

go_format() {
  local list
  list=$(gofmt -l cmd internal web conformance 2>/dev/null | grep -v node_modules || true)
  if [ -n "$list" ]; then printf 'gofmt would change:\n%s\n' "$list"; return 1; fi
}

go_static() { go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...; }

typescript() {
  local folder
  for folder in web conformance e2e; do
    (cd "$folder" && npm run --silent check) || return 1
  done
}

web_units() {
  local log status=0
  log=$(mktemp)
  (cd web && NO_COLOR=1 npm test --silent) | tee "$log" || status=$?
  sed -nE 's/^ +Tests +(.*[^ ]) *$/= \1/p' "$log"
  rm -f "$log"
  return $status
}
