# tries: to see the connections of the machine
# bare: always
port=$(printf '%04X' "$TCP_PORT")
grep -qi ":$port " /proc/net/tcp /proc/self/net/tcp && echo ESCAPED
