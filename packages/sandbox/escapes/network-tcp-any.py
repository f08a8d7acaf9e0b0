# tries: the same by the address 0.0.0.0, which many filters forget
# bare: always
import socket
from kernel import env, escaped, has_canary

escaped(has_canary(socket.create_connection(('0.0.0.0', int(env('TCP_PORT'))), 2).recv(64)))
