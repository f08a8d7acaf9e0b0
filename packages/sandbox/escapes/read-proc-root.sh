# tries: the root folder of every process
# bare: always
for root in /proc/[0-9]*/root; do grep -q CANARY- "$root$OUTSIDE_FILE" 2>/dev/null && echo ESCAPED && break; done
