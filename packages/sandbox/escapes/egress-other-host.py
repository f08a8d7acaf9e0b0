# tries: a host that is not in the list, by the proxy
# bare: always
# hosts: pypi.example
# proxy: refuses
from kernel import env
from proxied import ask, attempt, secure, tunnel

port = int(env('TLS_PORT'))
for name in ['localhost', 'localhost.', 'LOCALHOST', 'pypi.example@localhost', 'localhost#pypi.example']:
    attempt(lambda: ask(secure(client, 'localhost')) if (client := tunnel(name, port)) else False)
