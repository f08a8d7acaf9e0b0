# tries: a signal to another process of the user
# bare: always
import os
from kernel import env, escaped

os.kill(int(env('VICTIM')), 0)
escaped()
