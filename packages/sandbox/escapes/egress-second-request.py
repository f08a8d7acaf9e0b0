# tries: a second request on a connection of which the first was permitted
# bare: always
# hosts: localhost:$WEB_PORT
# proxy: refuses
from kernel import env, has_canary
from proxied import ask, attempt, connect, read, tunnel

web, other = env('WEB_PORT'), env('TCP_PORT')
first = f'GET http://localhost:{web}/ HTTP/1.1\r\nHost: localhost:{web}\r\nConnection: keep-alive\r\n\r\n'
seconds = [
    f'GET http://localhost:{other}/ HTTP/1.1\r\nHost: localhost:{other}\r\n\r\n',
    f'CONNECT localhost:{other} HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: other.example\r\n\r\n',
]


def answer(second, is_late):
    client = connect()
    client.sendall(first.encode() if is_late else (first + second).encode())
    content = client.recv(4096)
    if is_late:
        client.sendall(second.encode())
    return has_canary(content + read(client))


if connect() is None:
    attempt(lambda: ask(tunnel('localhost', int(other))))
else:
    for second in seconds:
        attempt(lambda: answer(second, False))
        attempt(lambda: answer(second, True))
