# tries: what identifies the machine
# bare: machine
cat /etc/machine-id /etc/hostname 2>/dev/null | grep -q . && echo ESCAPED
