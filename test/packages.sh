#!/bin/sh
# What the tests need beside Node: installed where that can be done, else the tests that need it say why
# they are skipped.
packages='openssh-server mandoc shellcheck libutempter0 procps asciinema'
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
done
test -z "$missing" && exit 0
if test "$(id -u)" != 0 || ! command -v apt-get >/dev/null; then
  echo "not installed:$missing (some tests will be skipped)" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
apt-get install -y -q $missing >/dev/null 2>&1 ||
  { apt-get update -q >/dev/null 2>&1 && apt-get install -y -q $missing >/dev/null 2>&1; } ||
  echo "cannot install:$missing (some tests will be skipped)" >&2
exit 0
