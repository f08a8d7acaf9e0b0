# tries: system calls of 32-bit programs, which have other numbers than a filter looks for: getpid by int 0x80
# bare: machine
import ctypes
import mmap
import platform
from kernel import escaped

if platform.machine() == 'x86_64':
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b'\xb8\x14\x00\x00\x00\xcd\x80\xc3')  # mov eax, 20; int 0x80; ret
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    escaped(function() > 0)
