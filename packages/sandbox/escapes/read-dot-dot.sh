# tries: a relative path out of the project
# bare: always
grep -q CANARY- ../outside/secret.txt && echo ESCAPED
