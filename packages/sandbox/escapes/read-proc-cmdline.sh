# tries: the command line of every process
# bare: always
for file in /proc/[0-9]*/cmdline; do tr '\0' ' ' <"$file" 2>/dev/null; done | grep -q 'CANARY-[a-z]' && echo ESCAPED
