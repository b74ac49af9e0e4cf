# shellcheck shell=sh
# How our programs are run: from snapshots of Node's memory, or from the plain bundle that those were made of.
# A snapshot works with the very Node that made it only: it is not used if there is another file in its place,
# or a newer one, by now. No other process is needed to find that out.
fresh() {
  test '@INODE@' && test "${SESS_SNAPSHOT-}" != no && ! test '@NODE@' -nt '@LIB@/@BUNDLE@.blob' &&
    test -r '@LIB@/@BUNDLE@.blob' && test -r '@LIB@/master.blob' &&
    { while read -r sess_key sess_inode && test "$sess_key" != ino:; do :; done
    } 2>/dev/null 3<'@NODE@' </proc/self/fdinfo/3 && test "$sess_inode" = '@INODE@'
}
# A master gives back the memory that it used for a while if all of it is in one place; a question is over
# before there is any sense in that, and is quicker if nothing is given back (mallopt(3)).
if fresh; then
  program() { @MALLOC@exec '@NODE@' @FLAGS@ --snapshot-blob '@LIB@/@BUNDLE@.blob' "$@"; }
  master() { MALLOC_ARENA_MAX=1 exec '@SETSID@' '@NODE@' @MASTER@ --snapshot-blob '@LIB@/master.blob' sessmaster "$@"; }
else
  program() { exec '@NODE@' '@LIB@/@BUNDLE@.cjs' "$@"; }
  master() { MALLOC_ARENA_MAX=1 exec '@SETSID@' '@NODE@' '@LIB@/master.cjs' sessmaster "$@"; }
fi
unset sess_key sess_inode
