# tries: a service of the machine by its socket
# bare: always
import socket
from kernel import env, escaped, has_canary

client = socket.socket(socket.AF_UNIX)
client.settimeout(2)
client.connect(env('SOCKET'))
escaped(has_canary(client.recv(64)))
