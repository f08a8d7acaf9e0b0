# tries: clone3 with CLONE_NEWUSER, whose flags a filter cannot see
# bare: machine
import os
import signal
import struct
from kernel import call, escaped

CLONE_NEWUSER = 0x10000000
arguments = struct.pack('8Q', CLONE_NEWUSER, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
result = call('clone3', arguments, len(arguments))
if result == 0:
    os._exit(0)
escaped(result > 0)
