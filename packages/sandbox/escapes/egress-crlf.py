# tries: line breaks in the target of a request, so that the proxy writes a header for another host
# bare: always
# hosts: localhost:$WEB_PORT
# proxy: refuses
from kernel import env, has_canary
from proxied import ask, attempt, connect, read, tunnel

port = env('WEB_PORT')
own = f'Host: localhost:{port}\r\n'
other = 'Host: other.example'
targets = [
    f'http://localhost:{port}/ HTTP/1.1\r\n{other}\r\nX-A: b',
    f'http://localhost:{port}/\r\n{other}\r\nX-A: ',
    f'http://localhost:{port}/\n{other}\nX-A: ',
    f'http://localhost:{port}/\r{other}\rX-A: ',
    f'http://localhost:{port}/%0d%0a{other.replace(" ", "%20")}%0d%0aX-A:%20',
    f'http://localhost:{port}/\t{other}',
    f'http://localhost:{port}\r\n{other}\r\nX-A: ',
]


def answer(target):
    client = connect()
    client.sendall(f'GET {target} HTTP/1.1\r\n{own}Connection: close\r\n\r\n'.encode())
    return has_canary(read(client))


if connect() is None:
    attempt(lambda: ask(tunnel('localhost', int(port)), 'other.example'))
else:
    for target in targets:
        attempt(lambda: answer(target))
