# tries: to change how the kernel forwards packets; the value stays as it is
# bare: root
value=$(cat /proc/sys/net/ipv4/ip_forward) && (echo "$value" >/proc/sys/net/ipv4/ip_forward) && echo ESCAPED
