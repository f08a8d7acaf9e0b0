# tries: to go past the proxy, to a permitted host and its addresses
# bare: always
# hosts: localhost:$TCP_PORT
import socket
from kernel import env, has_canary
from proxied import attempt

for host in ['localhost', '127.0.0.1', '::1', '0.0.0.0', '127.0.1.1']:
    attempt(lambda: has_canary(socket.create_connection((host, int(env('TCP_PORT'))), 2).recv(64)))
