#!/bin/sh
# Offers the user's disconnected sessions at login, and otherwise runs the program under a new one.
# Whatever is wrong with us, the plain program is run: a login must not depend on us.
bin='@BIN@'
@INCLUDE@ node.sh

# The menu itself; it says which way to go: new, plain, or reconnect NAME.
menu() (
  unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_PATH NODE_V8_COVERAGE NODE_CHANNEL_FD \
    NODE_DEBUG NODE_DEBUG_NATIVE NODE_REDIRECT_WARNINGS NODE_PENDING_DEPRECATION NODE_UNIQUE_ID \
    OPENSSL_CONF
  program menu "$@"
)

say() {
  printf 'sessmenu: warning: %s\n' "$1" >&2
}

# A word like -sh is sh as a login shell. Without bash it loses its argv[0], but not what that stands for.
plain() {
  case $1 in
  -?*)
    word=$1
    shift
    if command -v bash >/dev/null 2>&1; then
      # shellcheck disable=SC2016
      set -- bash -p -c 'exec -a "$0" "$@"' "$word" "${word#-}" "$@"
    else
      set -- "${word#-}" -l "$@"
    fi
    ;;
  esac
  exec "$@"
}

# Is there somebody to ask? Not for scp, rsync or a command over ssh, and not inside a session.
wanted() {
  [ -t 0 ] && [ -t 1 ] && [ "${SESSMENU-}" != no ] && [ "${TERM:-dumb}" != dumb ] &&
    [ -z "${PTY-}${SSH_ORIGINAL_COMMAND-}" ]
}

case ${1-} in
--) shift ;;
-?*)
  menu "$1"
  status=$?
  [ "$status" -ne 1 ] || exit 100
  exit "$status"
  ;;
esac
if [ "$#" -eq 0 ]; then
  set -- "${SHELL:-/bin/sh}"
  # As a login shell itself it would be its own $SHELL, for ever.
  if [ "${1##*/}" = sessmenu ] || ! command -v "$1" >/dev/null; then set -- /bin/sh; fi
fi
wanted || plain "$@"

modes=$(stty -g 2>/dev/null) || plain "$@"
# Tried while the user reads: later, a status of its own could not be told from the program's.
{ [ -x "$bin/reconnect" ] && "$bin/sess" --version; } </dev/null >/dev/null 2>&1 &
trap : INT QUIT
wish=$(menu 2>&1)
status=$?
wait "$!"
works=$?
trap - INT QUIT
case $status in
0)
  # Above the wish there may be a warning of Node's.
  wish=${wish##*"
"}
  ;;
129) exit 129 ;;
*)
  stty "$modes" 2>/dev/null
  case $wish in
  'sessmenu: '*) printf '%s\n' "${wish%%"
"*}" >&2 ;;
  *) [ "$status" -ge 130 ] || say 'something is broken; there is no session this time' ;;
  esac
  plain "$@"
  ;;
esac
if [ "$wish" = plain ]; then plain "$@"; fi
if [ "$works" -ne 0 ]; then
  say 'something is broken; there is no session this time'
  plain "$@"
fi

# Some shells drop variables whose names they do not like; sess passes them on to the program.
if grep -zqv '^[A-Za-z_][A-Za-z0-9_]*=' "/proc/$$/environ" 2>/dev/null; then
  SESS_ODD=$(grep -zv '^[A-Za-z_][A-Za-z0-9_]*=' "/proc/$$/environ" | base64 -w0)
  export SESS_ODD
fi
began=$(date +%s)
case $wish in
new) "$bin/sess" -- "$@" ;;
reconnect\ *) "$bin/sess" -- "$bin/reconnect" "${wish#reconnect }" ;;
*) plain "$@" ;;
esac
status=$?
# Who was taken over, or lost the master, later on has had a session, and is not left with a plain shell.
if [ "$status" -eq 111 ] && [ "$(($(date +%s) - began))" -lt 30 ]; then
  say 'there is no session this time'
  plain "$@"
fi
exit "$status"
