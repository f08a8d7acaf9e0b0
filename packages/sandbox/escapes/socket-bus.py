# tries: the message buses of the system and the session, by which systemd starts programs
# bare: always
import os
import socket
from kernel import env, escaped, has_canary

for path in (env('BUS'), '/run/dbus/system_bus_socket', f'/run/user/{os.getuid()}/bus'):
    try:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(2)
        client.connect(path)
        client.sendall(b'\0AUTH EXTERNAL 30\r\n')
        escaped(has_canary(client.recv(64)))
    except OSError as error:
        print(error)
