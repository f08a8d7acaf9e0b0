# tries: to type into the terminal that the runner was started from
# bare: machine
import fcntl
import os
import pty
import termios
from kernel import escaped

for path in ('/dev/tty', '/dev/console', '/proc/1/fd/0', '/proc/self/fd/0'):
    try:
        fcntl.ioctl(os.open(path, os.O_RDWR | os.O_NOCTTY), termios.TIOCSTI, b'x')
        escaped()
    except OSError as error:
        print(error)
child, _ = pty.fork()  # a terminal of its own stands for that of the runner: the call must be refused even there
if child == 0:
    try:
        fcntl.ioctl(0, termios.TIOCSTI, b'x')
        os._exit(0)
    except OSError:
        os._exit(1)
escaped(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0)
