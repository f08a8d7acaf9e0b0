# tries: a datagram to the machine
# bare: always
import socket
from kernel import env, escaped, has_canary

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(2)
client.sendto(b'hello', ('127.0.0.1', int(env('UDP_PORT'))))
escaped(has_canary(client.recv(64)))
