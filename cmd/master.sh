# shellcheck shell=sh disable=SC2034
# The master is started beside us, as nobody's child and with nothing of ours: it makes the socket SESS_DRAFT
# in the session directory, and is told there what to do. The spaces are room for its title in ps(1).
case ${1-} in
--help | --version) ;;
*)
  { read -r SESS_DRAFT </proc/sys/kernel/random/uuid; } 2>/dev/null
  SESS_DRAFT=.${SESS_DRAFT:-$$}
  export SESS_DRAFT
  (
    cd /
    master "$$" "$SESS_DRAFT" '@LIB@/pty.node' '@ROOM@' &
  ) </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  ;;
esac
# The terminal's modes, if we are in the foreground: in the background it has somebody else's.
read -r sess_rest sess_rest sess_rest sess_rest sess_group sess_rest sess_rest sess_front sess_rest </proc/self/stat
SESS_MODES=
test "$sess_group" = "$sess_front" && { SESS_MODES=$(command -p stty -g </dev/tty); } 2>/dev/null
export SESS_MODES
unset sess_rest sess_group sess_front
