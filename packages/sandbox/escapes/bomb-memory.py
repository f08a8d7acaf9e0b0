# tries: to use more memory than it may
# bare: always
from kernel import escaped

escaped(len(bytearray(b'x') * (600 << 20)) > 0)
