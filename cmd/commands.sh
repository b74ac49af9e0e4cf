#!/bin/sh
# Makes what the commands need beside the bundle, and writes the commands that people run:
# commands.sh NODE LIB BIN LIBNOW BINNOW NAME ...
# NODE, LIB and BIN are where they will be found; LIBNOW and BINNOW are where LIB and BIN are now.
set -eu
node=$1 lib=$2 bin=$3 libnow=$4 binnow=$5
shift 5
cmd=$(dirname "$0")
setsid=$(command -v setsid)

# The same flags are needed to make a snapshot and to use it. A master that optimizes its code keeps a keystroke
# waiting meanwhile: it does so late, when much is going through it.
flags='--no-rehash-snapshot --lite-mode --no-expose-wasm'
master='--no-rehash-snapshot --semi-space-growth-factor=1 --optimize-for-size --interrupt-budget=1000000'

# snapshot NAME FLAG ...: of that bundle, as this Node has it in its memory.
snapshot() (
  name=$1
  shift
  cd "$libnow"
  printf '{ "builder": "%s.cjs", "withoutCodeCache": true }\n' "$name" >"$name.json"
  NODE_NO_WARNINGS=1 "$node" "$@" --snapshot-blob "$name.blob" --build-snapshot-config "$name.json"
  status=$?
  rm -f "$name.json"
  exit "$status"
)

# works BUNDLE NAME: does the snapshot of a bundle say the same as the bundle itself?
works() (
  # shellcheck disable=SC2086
  snapshot "$1" $flags &&
    test "$("$node" $flags --snapshot-blob "$libnow/$1.blob" "$2" --version)" = \
      "$("$node" "$libnow/$1.cjs" "$2" --version)"
)

# A master whose starter is no more loads node-pty, and goes.
try() (
  # shellcheck disable=SC2086
  works ask sesslist && works sess sess && works tape waitfor && snapshot master $master &&
    "$node" $master --snapshot-blob "$libnow/master.blob" sessmaster 0 .draft "$libnow/pty.node"
)

# What would change how this Node runs must not.
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS
# The trial is nobody's session.
SESS_DIR=$(mktemp -d)
export SESS_DIR
trap 'rm -rf "$SESS_DIR"' EXIT
inode=
if try >/dev/null 2>&1; then
  inode=$(stat -Lc %i "$node")
else
  rm -f "$libnow"/*.blob
  echo 'no start-up snapshot with this Node: the commands start from the plain bundle' >&2
fi

# The bundle that a command is in.
bundle() {
  case $1 in
  condom | nobuf | pty | sess | ttyprotect) echo sess ;;
  sessalive | sesstail | sesstype | sesswait | tplay | trecord | tscript | ttydetach | waitfor) echo tape ;;
  *) echo ask ;;
  esac
}

fill() {
  case $(bundle "$1") in ask) malloc='MALLOC_TOP_PAD_=16777216 ' ;; *) malloc= ;; esac
  sed -e "s|@NODE@|$node|g" -e "s|@LIB@|$lib|g" -e "s|@BIN@|$bin|g" -e "s|@NAME@|$1|g" \
    -e "s|@BUNDLE@|$(bundle "$1")|g" \
    -e "s|@INODE@|$inode|g" -e "s|@SETSID@|$setsid|g" -e "s|@FLAGS@|$flags|g" \
    -e "s|@MASTER@|$master|g" -e "s|@MALLOC@|$malloc|g" -e "s|@ROOM@|$(printf '%160s' '')|g"
}

# write NAME FROM: the command NAME as FROM has it, with what that includes.
write() {
  while IFS= read -r line; do
    case $line in
    '@INCLUDE@ master.sh') test "$(bundle "$1")" != sess || cat "$cmd/master.sh" ;;
    '@INCLUDE@ notes.sh') case $(bundle "$1")-$1 in sess-* | *-tscript | *-ttydetach) cat "$cmd/notes.sh" ;; esac ;;
    '@INCLUDE@ '*) cat "$cmd/${line#* }" ;;
    *) printf '%s\n' "$line" ;;
    esac
  done <"$cmd/$2" | fill "$1" >"$binnow/$1"
  chmod 755 "$binnow/$1"
}

mkdir -p "$binnow"
for name; do write "$name" launch.sh; done
write sessmenu sessmenu.sh
