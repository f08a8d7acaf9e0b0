# tries: a service of the machine by the socket of the proxy, past the forwarder: its path, its descriptors, its place
# bare: always
# hosts: localhost:$TCP_PORT
# proxy: refuses
import array
import os
import socket
from kernel import env, escaped, has_canary
from proxied import attempt, read

place = '/run/holdfast/egress'


def connect(path):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(5)
    client.connect(path)
    return client


def answer(request):
    client = connect(place)
    client.sendall(request.encode())
    return has_canary(read(client))


def descriptors():
    """Gives the proxy one of ours, and waits for one of its own."""
    client = connect(place)
    pair = socket.socketpair()
    client.sendmsg([b'GET / HTTP/1.1\r\n\r\n'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [pair[0].fileno()]))])
    _, ancillary, _, _ = client.recvmsg(4096, 1024)
    pair[1].settimeout(1)
    pair[0].close()
    return len(ancillary) > 0 or len(pair[1].recv(64)) > 0


def replace():
    """A socket of our own in its place, for the next run."""
    os.unlink(place)
    socket.socket(socket.AF_UNIX).bind(place)
    return True


attempt(lambda: has_canary(connect(env('SOCKET')).recv(64)))
if os.path.exists(place):
    path = env('SOCKET')
    for request in [f'CONNECT {path} HTTP/1.1', f'CONNECT unix:{path}:1 HTTP/1.1', f'GET http://unix:{path}:/ HTTP/1.1',
                    f'GET http+unix://{path.replace("/", "%2f")}/ HTTP/1.1', f'GET unix:{path} HTTP/1.1']:
        attempt(lambda: answer(f'{request}\r\nHost: localhost\r\n\r\n'))
    attempt(descriptors)
    attempt(replace)
