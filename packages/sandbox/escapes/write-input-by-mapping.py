# tries: to change an input in memory
# bare: always
# judge: host
import mmap
import os

descriptor = os.open(os.environ['INPUT'], os.O_RDWR)
mmap.mmap(descriptor, 4, mmap.MAP_SHARED, mmap.PROT_WRITE)[0:4] = b'hack'
