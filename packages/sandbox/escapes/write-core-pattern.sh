# tries: to choose the program that the kernel starts after a crash, as root, outside; the value stays as it is
# bare: root
pattern=$(cat /proc/sys/kernel/core_pattern) && (printf '%s\n' "$pattern" >/proc/sys/kernel/core_pattern) && echo ESCAPED
