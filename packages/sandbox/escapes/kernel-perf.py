# tries: to measure the kernel and others
# bare: machine
import struct
from kernel import call, escaped

attributes = struct.pack('IIQ', 1, 128, 0) + bytes(112)
escaped(call('perf_event_open', attributes, 0, -1, -1, 0) >= 0)
