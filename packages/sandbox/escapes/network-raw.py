# tries: packets made by hand
# bare: root
import socket
from kernel import escaped

socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
escaped()
