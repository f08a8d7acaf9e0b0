# tries: to command the kernel; the command is to show its help
# bare: machine
(echo h >/proc/sysrq-trigger) && echo ESCAPED
