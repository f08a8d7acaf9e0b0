# tries: to go into the namespace of the first process
# bare: root
import os
from kernel import call, escaped

for path in ('1/ns/net', '1/ns/mnt', '1/ns/user', 'self/ns/net', 'self/ns/uts'):
    try:
        escaped(call('setns', os.open(f'/proc/{path}', os.O_RDONLY), 0) == 0)
    except OSError as error:
        print(error)
