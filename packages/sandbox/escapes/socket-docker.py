# tries: the socket of the container engine, which can start anything
# bare: always
import socket
from kernel import env, escaped, has_canary

for path in (env('DOCKER'), '/var/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock'):
    try:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(2)
        client.connect(path)
        client.sendall(b'GET /containers/json HTTP/1.0\r\n\r\n')
        escaped(has_canary(client.recv(64)))
    except OSError as error:
        print(error)
