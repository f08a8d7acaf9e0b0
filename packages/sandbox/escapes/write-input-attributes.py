# tries: to attach something to an input
# bare: machine
import os
from kernel import env, escaped

os.setxattr(env('INPUT'), 'user.holdfast', b'x')
escaped()
