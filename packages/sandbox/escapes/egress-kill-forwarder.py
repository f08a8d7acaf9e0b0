# tries: what is there when the forwarder is gone, and to take its place
# bare: always
# hosts: localhost:$TCP_PORT
import os
import signal
import socket
from kernel import env, has_canary
from proxied import address, attempt

if address is not None:
    own = {1, os.getpid(), os.getppid()}
    for name in os.listdir('/proc'):
        if name.isdigit() and int(name) not in own:
            os.kill(int(name), signal.SIGKILL)
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    attempt(lambda: server.bind(('127.0.0.1', int(address.rsplit(':', 1)[1]))))
for host in ['127.0.0.1', 'localhost', socket.gethostname()]:
    attempt(lambda: has_canary(socket.create_connection((host, int(env('TCP_PORT'))), 2).recv(64)))
