# tries: another port of a host that is in the list
# bare: always
# hosts: localhost:$FRONT_PORT
# proxy: refuses
from kernel import env
from proxied import ask, attempt, secure, tunnel

for port in [env('TLS_PORT'), '0' + env('TLS_PORT'), env('FRONT_PORT') + ':' + env('TLS_PORT')]:
    attempt(lambda: ask(secure(client, 'localhost')) if (client := tunnel('localhost', port)) else False)
