# tries: the password hashes of the machine
# bare: root
test -s /etc/shadow && head -c 1 /etc/shadow >/dev/null && echo ESCAPED
