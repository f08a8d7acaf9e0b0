# tries: to speak something else than TLS through CONNECT
# bare: always
# hosts: localhost:$TCP_PORT
# proxy: refuses
from kernel import env
from proxied import ask, attempt, tunnel

attempt(lambda: ask(tunnel('localhost', int(env('TCP_PORT')))))
