# tries: the environment of every process
# bare: always
cat /proc/[0-9]*/environ 2>/dev/null | grep -q CANARY- && echo ESCAPED
