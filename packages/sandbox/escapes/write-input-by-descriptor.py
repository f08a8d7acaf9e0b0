# tries: to open an input that is open for reading once more, for writing
# bare: always
# judge: host
import os

descriptor = os.open(os.environ['INPUT'], os.O_RDONLY)
os.write(os.open(f'/proc/self/fd/{descriptor}', os.O_WRONLY), b'changed')
