# tries: the sockets of the kernel's cryptography, AF_ALG, with their history
# bare: machine
import socket
from kernel import escaped

socket.socket(38, socket.SOCK_SEQPACKET)
escaped()
