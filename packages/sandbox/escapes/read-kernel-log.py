# tries: the log of the kernel
# bare: root
import os
from kernel import call, escaped

buffer = bytes(4096)
escaped(call('syslog', 3, buffer, 4096) > 0)
try:
    escaped(len(os.read(os.open('/dev/kmsg', os.O_RDONLY | os.O_NONBLOCK), 8192)) > 0)
except OSError as error:
    print(error)
