# tries: to listen to all that passes
# bare: root
import socket
from kernel import escaped

socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0300)
escaped()
