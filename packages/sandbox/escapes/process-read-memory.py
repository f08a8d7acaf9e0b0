# tries: the memory of another process by its number
# bare: always
import ctypes
import re
from kernel import call, env, escaped


class Vector(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]


pid = env('VICTIM')
try:
    address = int(re.match(r'[0-9a-f]+', open(f'/proc/{pid}/maps').read()).group(), 16)
except OSError:
    pid, address = str(__import__('os').getpid()), int(re.match(r'[0-9a-f]+', open('/proc/self/maps').read()).group(), 16)
buffer = ctypes.create_string_buffer(16)
local = Vector(ctypes.cast(buffer, ctypes.c_void_p).value, 16)
remote = Vector(address, 16)
escaped(call('process_vm_readv', int(pid), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) == 16)
