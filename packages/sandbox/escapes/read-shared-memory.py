# tries: a System V shared memory segment of another program
# bare: always
import ctypes
from kernel import env, escaped, libc

libc.shmat.restype = ctypes.c_void_p
address = libc.shmat(int(env('SHM_ID')), None, 0o10000)
escaped(address is not None and address != ctypes.c_void_p(-1).value)
