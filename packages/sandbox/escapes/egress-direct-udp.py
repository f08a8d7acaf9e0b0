# tries: to go past the proxy with datagrams, as HTTP/3 does
# bare: always
# hosts: localhost:$UDP_PORT
import socket
from kernel import env, has_canary
from proxied import attempt


def answer():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(2)
    client.sendto(b'x', ('127.0.0.1', int(env('UDP_PORT'))))
    return has_canary(client.recv(64))


attempt(answer)
