# tries: a permitted host by its address, in every spelling that programs take for one
# bare: always
# hosts: localhost:$TLS_PORT localhost:$TCP_PORT
# proxy: refuses
from kernel import env, has_canary
from proxied import ask, attempt, connect, read, secure, tunnel

spellings = ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f000001', '017700000001', '127.1', '0.0.0.0']


def plain(host):
    client = connect()
    if client is None:
        return ask(tunnel(host, int(env('TCP_PORT'))))
    authority = f"{host}:{env('TCP_PORT')}"
    client.sendall(f'GET http://{authority}/ HTTP/1.1\r\nHost: {authority}\r\n\r\n'.encode())
    return has_canary(read(client))


for host in spellings:
    attempt(lambda: ask(secure(client, 'localhost')) if (client := tunnel(host, int(env('TLS_PORT')))) else False)
    attempt(lambda: plain(host))
