# tries: an output that is a file or a link outside, changing all the time, also when the command has ended
# bare: always
# judge: adoption
import os
import time

if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        open('out/.file', 'w').write('model')
        os.replace('out/.file', 'out/model')
        os.symlink(os.environ['OUTSIDE_FILE'], 'out/.link')
        os.replace('out/.link', 'out/model')
    os._exit(0)
time.sleep(0.2)
if not os.path.lexists('out/model'):
    os.symlink(os.environ['OUTSIDE_FILE'], 'out/model')
