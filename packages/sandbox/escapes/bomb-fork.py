# tries: to start more processes than it may
# bare: always
import os
import signal
import time
from kernel import escaped

children = []
try:
    for _ in range(200):
        child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)
        children.append(child)
except OSError as error:
    print(error)
escaped(len(children) == 200)
for child in children:
    os.kill(child, signal.SIGKILL)
