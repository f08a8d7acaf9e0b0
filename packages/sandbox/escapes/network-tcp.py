# tries: a server on the loopback address of the machine
# bare: always
import socket
from kernel import env, escaped, has_canary

escaped(has_canary(socket.create_connection(('127.0.0.1', int(env('TCP_PORT'))), 2).recv(64)))
