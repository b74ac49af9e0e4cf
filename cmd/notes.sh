SESS_BIN='@BIN@'
SESS_CALLER=
while read -r sess_field sess_value; do
  test "$sess_field" = SigIgn: && SESS_CALLER=$sess_value && break
done </proc/self/status
while read -r sess_1 sess_2 sess_3 sess_soft sess_rest; do
  test "$sess_1 $sess_2 $sess_3" = 'Max open files' && SESS_CALLER="$SESS_CALLER $sess_soft" && break
done </proc/self/limits
export SESS_BIN SESS_CALLER
unset sess_field sess_value sess_1 sess_2 sess_3 sess_soft sess_rest
if grep -zqv '^[A-Za-z_][A-Za-z0-9_]*=' "/proc/$$/environ" 2>/dev/null; then
  SESS_ODD=$(grep -zv '^[A-Za-z_][A-Za-z0-9_]*=' "/proc/$$/environ" | base64 -w0)
  export SESS_ODD
fi
