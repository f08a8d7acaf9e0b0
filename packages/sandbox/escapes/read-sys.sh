# tries: the devices of the machine
# bare: always
ls /sys/class /sys/devices 2>/dev/null | grep -q . && echo ESCAPED
