# tries: a signal to the runner
# bare: always
import os
from kernel import env, escaped

os.kill(int(env('RUNNER')), 0)
escaped()
