# tries: the shared memory files of other programs
# bare: always
grep -q CANARY- "$SHM_FILE" && echo ESCAPED
