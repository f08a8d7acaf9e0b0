# tries: a TLS hello that names nobody, at a permitted host that then answers as its default
# bare: always
# hosts: localhost:$TLS_PORT
# proxy: refuses
from kernel import env
from proxied import ask, attempt, secure, tunnel

attempt(lambda: ask(secure(tunnel('localhost', int(env('TLS_PORT'))), None)))
