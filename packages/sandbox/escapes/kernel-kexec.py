# tries: to start another kernel; the flags are not valid
# bare: machine
from kernel import call, reached

reached(call('kexec_load', 0, 99, 0, 0xffff))
