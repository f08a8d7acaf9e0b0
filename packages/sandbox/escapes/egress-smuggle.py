# tries: a request for another host in the body of a permitted one, where proxy and server may differ on its end
# bare: always
# hosts: localhost:$WEB_PORT
# proxy: refuses
from kernel import env, has_canary
from proxied import ask, attempt, connect, read, tunnel

port = env('WEB_PORT')
inner = 'GET / HTTP/1.1\r\nHost: other.example\r\n\r\n'
length = len(inner)
framings = [
    f'Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}',
    f'Transfer-Encoding: chunked\r\nContent-Length: {length + 5}\r\n\r\n0\r\n\r\n{inner}',
    f'Transfer-Encoding: xchunked\r\nContent-Length: {length}\r\n\r\n{inner}',
    f'Transfer-Encoding : chunked\r\nContent-Length: {length + 5}\r\n\r\n0\r\n\r\n{inner}',
    f'Transfer-Encoding:\x0bchunked\r\nContent-Length: {length + 5}\r\n\r\n0\r\n\r\n{inner}',
    f'Connection: close, Content-Length\r\nContent-Length: {length}\r\n\r\n{inner}',
    f'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{inner}\r\n0\r\n\r\n',
    f'Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{inner}',
    f'Content-Length: 0\r\n\r\n{inner}',
    f'Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n{inner}',
    f'Expect: 100-continue\r\nContent-Length: 0\r\n\r\n{inner}',
]


def answer(method, framing):
    client = connect()
    client.sendall(f'{method} http://localhost:{port}/ HTTP/1.1\r\nHost: localhost:{port}\r\n{framing}'.encode())
    return has_canary(read(client))


if connect() is None:
    attempt(lambda: ask(tunnel('localhost', int(port)), 'other.example'))
else:
    for framing in framings:
        for method in ['GET', 'POST']:
            attempt(lambda: answer(method, framing))
