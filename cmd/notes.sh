# shellcheck shell=sh disable=SC2034
# What is true of the caller's process, and not of ours once Node has begun (lib/caller.ts reads it).
SESS_BIN='@BIN@'
SESS_CALLER=
while read -r sess_field sess_value; do
  test "$sess_field" = SigIgn: && SESS_CALLER=$sess_value && break
done </proc/self/status
while read -r sess_1 sess_2 sess_3 sess_soft sess_rest; do
  test "$sess_1 $sess_2 $sess_3" = 'Max open files' && SESS_CALLER="$SESS_CALLER $sess_soft" && break
done </proc/self/limits
# Node gets descriptors of its own.
SESS_THIRD=
{ true >&3; } 2>/dev/null && SESS_THIRD=open
export SESS_BIN SESS_CALLER SESS_THIRD
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
