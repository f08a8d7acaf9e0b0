# tries: to hide another host behind a permitted one, by its name in the TLS hello (domain fronting)
# bare: always
# hosts: localhost:$FRONT_PORT
# proxy: refuses
from kernel import env
from proxied import ask, attempt, secure, tunnel

attempt(lambda: ask(secure(tunnel('localhost', int(env('FRONT_PORT'))), 'other.example')))
