# tries: another name in a TLS hello that is cut into records of five bytes, and sent byte by byte
# bare: always
# hosts: localhost:$FRONT_PORT
# proxy: refuses
import socket
import ssl
from kernel import env, escaped, has_canary
from proxied import tunnel

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = context.wrap_bio(incoming, outgoing, server_hostname='other.example')
client = tunnel('localhost', int(env('FRONT_PORT')))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
client.settimeout(5)


def drive(action):
    """Repeats an action of TLS until it has what it needs from the other side."""
    while True:
        try:
            result = action()
            client.sendall(outgoing.read())
            return result
        except ssl.SSLWantReadError:
            flight = outgoing.read()
            if flight[:1] == b'\x16' and flight[5:6] == b'\x01':
                message = flight[5:]
                pieces = [message[at:at + 5] for at in range(0, len(message), 5)]
                flight = b''.join(b'\x16\x03\x01' + len(piece).to_bytes(2, 'big') + piece for piece in pieces)
                for at in range(0, 100):
                    client.sendall(flight[at:at + 1])
                flight = flight[100:]
            client.sendall(flight)
            chunk = client.recv(4096)
            if not chunk:
                raise SystemExit
            incoming.write(chunk)


drive(tls.do_handshake)
drive(lambda: tls.write(b'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n'))
escaped(has_canary(drive(lambda: tls.read(4096))))
