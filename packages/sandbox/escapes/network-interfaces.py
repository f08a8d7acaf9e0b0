# tries: to see the network interfaces of the machine
# bare: machine
import socket
from kernel import escaped

escaped(any(name != 'lo' for _, name in socket.if_nameindex()))
