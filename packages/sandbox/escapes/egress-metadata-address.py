# tries: the service by which a cloud gives credentials to its machines
# bare: machine
# hosts: localhost:$TCP_PORT
# proxy: refuses
import socket
from kernel import escaped
from proxied import attempt, connect, read

for host in ['169.254.169.254', 'metadata.google.internal', '[fd00:ec2::254]', '100.100.100.200', '168.63.129.16']:
    def answer():
        client = connect() or socket.create_connection((host.strip('[]'), 80), 2)
        client.sendall(f'GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n'.encode())
        return read(client).startswith((b'HTTP/1.1 200', b'HTTP/1.0 200', b'HTTP/1.1 401'))
    attempt(answer)
