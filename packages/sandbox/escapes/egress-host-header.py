# tries: another host in the Host header than in the target, at a server that goes by the header
# bare: always
# hosts: localhost:$WEB_PORT
# proxy: refuses
from kernel import env, has_canary
from proxied import ask, attempt, connect, read, tunnel

port = env('WEB_PORT')
own = f'Host: localhost:{port}\r\n'
headers = [
    'Host: other.example\r\n',
    own + 'Host: other.example\r\n',
    'Host: other.example\r\n' + own,
    own + ' other.example\r\n',
    'Host : other.example\r\n' + own,
    'Host:\tother.example\r\n',
    'Host: other.example, localhost:' + port + '\r\n',
    'hOST: other.example\r\nConnection: host\r\n' + own,
]


def answer(header):
    client = connect()
    client.sendall(f'GET http://localhost:{port}/ HTTP/1.1\r\n{header}\r\n'.encode())
    return has_canary(read(client))


if connect() is None:
    attempt(lambda: ask(tunnel('localhost', int(port)), 'other.example'))
else:
    for header in headers:
        attempt(lambda: answer(header))
