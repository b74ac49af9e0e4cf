#!/bin/sh
# Writes the commands that people run: commands.sh NODE LIB BIN WHERE NAME ...
# NODE, LIB and BIN are where they will be found; WHERE is where they are written now.
set -eu
node=$1 lib=$2 bin=$3 where=$4
shift 4
cmd=$(dirname "$0")
mkdir -p "$where"

fill() {
  sed -e "s|@NODE@|$node|g" -e "s|@LIB@|$lib|g" -e "s|@BIN@|$bin|g" -e "s|@NAME@|$1|g"
}

for name; do
  # Commands that run a program.
  case $name in sess | ttydetach) notes="$cmd/notes.sh" ;; *) notes= ;; esac
  while IFS= read -r line; do
    case $line in
      @NOTES@*)
        if test -n "$notes"; then cat "$notes"; fi
        printf '%s\n' "${line#@NOTES@}"
        ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$cmd/launch.sh" | fill "$name" >"$where/$name"
  chmod 755 "$where/$name"
done
fill sessmenu <"$cmd/sessmenu.sh" >"$where/sessmenu"
chmod 755 "$where/sessmenu"
