# tries: the memory of the machine
# bare: machine
import os
from kernel import escaped

for path in ('/dev/mem', '/dev/kmem', '/dev/port', '/proc/kcore'):
    try:
        descriptor = os.open(path, os.O_RDONLY)
        escaped(len(os.read(descriptor, 16)) > 0)
    except OSError as error:
        print(error)
