# tries: an output that has a capability for whoever starts it
# bare: root
import os
import struct
from kernel import escaped

open('out/capable', 'w').write('x')
os.setxattr('out/capable', 'security.capability', struct.pack('<5I', 0x02000001, 0x2000, 0, 0, 0))
escaped()
