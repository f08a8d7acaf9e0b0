# tries: system calls that no filter sees
# bare: machine
from kernel import call, escaped

escaped(call('io_uring_setup', 4, bytes(120)) >= 0)
