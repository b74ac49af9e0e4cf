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
# What is true of the caller's process, and not of ours once Node has begun (lib/caller.ts reads it).
SESS_BIN='@BIN@'
SESS_CALLER=
while read -r sess_field sess_value; do
  test "$sess_field" = SigIgn: && SESS_CALLER=$sess_value && break
done </proc/self/status
while read -r sess_1 sess_2 sess_3 sess_soft sess_rest; do
  test "$sess_1 $sess_2 $sess_3" = 'Max open files' && SESS_CALLER="$SESS_CALLER $sess_soft" && break
done </proc/self/limits
# The terminal's modes, if we are in the foreground: in the background it has somebody else's.
read -r sess_1 sess_2 sess_3 sess_rest sess_field sess_soft sess_rest sess_value sess_rest </proc/self/stat
SESS_MODES=
test "$sess_field" = "$sess_value" && { SESS_MODES=$(command -p stty -g </dev/tty); } 2>/dev/null
export SESS_BIN SESS_CALLER SESS_MODES
unset sess_field sess_value sess_1 sess_2 sess_3 sess_soft sess_rest
# A shell drops variables whose names it does not like, and has its own idea of some others.
sess_pattern='^(PWD|IFS|OPTIND|PPID)=|^[^=]*[^A-Za-z0-9_=]|^[0-9=]'
if test "${BASH_VERSION-}"; then
  sess_pattern="^(BASH.*|COMP_.*|EPOCH.*|HISTCMD|LINENO|OLDPWD|OPTERR|PS[0-9]|S?RANDOM|SECONDS|SHELLOPTS)=|$sess_pattern"
fi
# bash says on stderr that it drops the null bytes.
{ sess_seen=$(grep -zE "$sess_pattern" "/proc/$$/environ"); } 2>/dev/null
if test -r "/proc/$$/environ" && test "$sess_seen" != "PWD=${PWD-}"; then
  SESS_ODD=$({ grep -zE "$sess_pattern" "/proc/$$/environ" | base64 -w0; } 2>/dev/null)
  export SESS_ODD
  unset PWD
fi
unset sess_pattern sess_seen
