# tries: a service of the machine by a socket without a file
# bare: always
import socket
from kernel import env, escaped, has_canary

client = socket.socket(socket.AF_UNIX)
client.settimeout(2)
client.connect('\0' + env('ABSTRACT'))
escaped(has_canary(client.recv(64)))
