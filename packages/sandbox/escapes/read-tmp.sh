# tries: a file that another program left in /tmp
# bare: always
grep -q CANARY- "$TMP_FILE" && echo ESCAPED
