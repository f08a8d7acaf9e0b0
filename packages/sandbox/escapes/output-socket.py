# tries: an output that is a socket
# bare: always
# judge: adoption
import socket

socket.socket(socket.AF_UNIX).bind('out/model')
