# tries: to trace at all
# bare: always
from kernel import call, escaped

escaped(call('ptrace', 0, 0, 0, 0) == 0)
