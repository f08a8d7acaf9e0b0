# tries: the same by IPv6
# bare: machine
import socket
from kernel import env, escaped, has_canary

escaped(has_canary(socket.create_connection(('::1', int(env('TCP6_PORT'))), 2).recv(64)))
