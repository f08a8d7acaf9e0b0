# tries: to stop the kernel in the middle of reading memory, which makes races certain
# bare: machine
from kernel import call, escaped

escaped(call('userfaultfd', 1) >= 0)
