# tries: clone with CLONE_NEWUSER
# bare: machine
import os
import signal
from kernel import call, escaped

CLONE_NEWUSER = 0x10000000
result = call('clone', CLONE_NEWUSER | signal.SIGCHLD, 0, 0, 0, 0)
if result == 0:
    os._exit(0)
escaped(result > 0)
