#!/bin/sh
# Runs the tests and ends with the line `N passed, N failed, N skipped`.
report=$(mktemp)
trap 'rm -f "$report"' EXIT
# Named one by one: by itself tap passes over what git ignores.
# shellcheck disable=SC2046
npx --no-install tap run --jobs="$(nproc)" --reporter=terse --output-file="$report" \
  $(find dist/test -name '*.test.js' | sort) </dev/null
status=$?
test "$status" = 0 || grep -aE -A6 '^ *not ok ' "$report" | cut -c1-2000
awk '
  function field(name) { return match($0, name ": [0-9]+") ? substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2) + 0 : 0 }
  /^# \{ total: / { passed = field("pass"); failed = field("fail"); skipped = field("skip") + field("todo") }
  END { printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped }
' "$report"
exit "$status"
