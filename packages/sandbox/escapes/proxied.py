# Not an attempt: what attempts on the egress proxy have in common. Where there is no proxy they go straight to a peer.
import os
import socket
import ssl
from kernel import escaped, has_canary

address = os.environ.get('https_proxy')


def connect():
    """A connection to the proxy, or None."""
    if address is None:
        return None
    return socket.create_connection(('127.0.0.1', int(address.rsplit(':', 1)[1])), 5)


def read(client):
    """All that comes until the other side hangs up."""
    content = b''
    client.settimeout(5)
    try:
        while chunk := client.recv(4096):
            content += chunk
    except OSError:
        pass
    return content


def tunnel(host, port):
    """A connection to a peer, by CONNECT; None when the proxy refuses."""
    client = connect()
    if client is None:
        return socket.create_connection((host.strip('[]'), port), 5)
    client.sendall(f'CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n'.encode())
    answer = b''
    while not answer.endswith(b'\r\n\r\n'):
        byte = client.recv(1)
        if not byte:
            break
        answer += byte
    return client if answer.startswith(b'HTTP/1.1 200 ') else None


def secure(client, name):
    """TLS that believes every certificate, with a name in its hello or without one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(client, server_hostname=name)


def ask(client, host='localhost', path='/'):
    """Whether the answer to a request holds what nobody should see; False when there is no connection."""
    if client is None:
        return False
    client.sendall(f'GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n'.encode())
    return has_canary(read(client))


def attempt(action):
    """Escaped when it returns true; an error is a failure of one way, and the next one may do."""
    try:
        escaped(action())
    except (OSError, ssl.SSLError):
        pass
