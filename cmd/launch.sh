#!/bin/sh
# @NAME@: what Node would change before our first line runs is noted for the session's program.
for sess_name in NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_PATH NODE_V8_COVERAGE NODE_CHANNEL_FD \
  NODE_DEBUG NODE_DEBUG_NATIVE NODE_REDIRECT_WARNINGS NODE_PENDING_DEPRECATION NODE_UNIQUE_ID \
  OPENSSL_CONF; do
  eval "test \"\${$sess_name+set}\"" || continue
  eval "export SESS_ASIDE_$sess_name=\"\$$sess_name\""
  unset "$sess_name"
done
unset sess_name
@INCLUDE@ node.sh
@INCLUDE@ master.sh
@INCLUDE@ notes.sh
program @NAME@ "$@"
