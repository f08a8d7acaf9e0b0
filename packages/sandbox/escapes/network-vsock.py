# tries: the host of a virtual machine, past every network namespace
# bare: machine
import socket
from kernel import escaped

socket.socket(40, socket.SOCK_STREAM)
escaped()
