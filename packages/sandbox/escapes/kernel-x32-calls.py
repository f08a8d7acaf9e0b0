# tries: system calls by their x32 numbers: ptrace
# bare: never: most kernels are built without
import platform
from kernel import escaped, libc

if platform.machine() == 'x86_64':
    escaped(libc.syscall(0x40000000 | 39) > 0 or libc.syscall(0x40000000 | 521, 0, 0, 0, 0) == 0)
