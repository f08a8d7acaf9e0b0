# tries: a program in the kernel
# bare: root
import struct
from kernel import call, escaped

attributes = struct.pack('5I', 2, 4, 4, 1, 0) + bytes(100)
escaped(call('bpf', 0, attributes, len(attributes)) >= 0)
