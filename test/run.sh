#!/bin/sh
# Runs the tests and ends with `N passed, N failed, N skipped`.
report=$(mktemp)
trap 'rm -f "$report"' EXIT
npx --no-install tap run --jobs="$(nproc)" --reporter=terse --output-file="$report" </dev/null
status=$?
awk '
  function field(name) { return match($0, name ": [0-9]+") ? substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2) + 0 : 0 }
  /^# \{ total: / { passed = field("pass"); failed = field("fail"); skipped = field("skip") + field("todo") }
  END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
' "$report"
exit "$status"
