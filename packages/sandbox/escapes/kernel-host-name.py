# tries: to name the machine; it gets the name that it has
# bare: root
import socket
from kernel import call, escaped

name = socket.gethostname().encode()
escaped(call('sethostname', name, len(name)) == 0)
