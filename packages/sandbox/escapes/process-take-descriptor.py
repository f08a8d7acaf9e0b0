# tries: a descriptor of another process
# bare: always
import os
from kernel import call, escaped, env

for pid in (int(env('VICTIM')), os.getpid()):
    descriptor = call('pidfd_open', pid, 0)
    if descriptor >= 0:
        escaped(call('pidfd_getfd', descriptor, 0, 0) >= 0)
