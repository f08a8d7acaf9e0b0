# tries: the memory of another process
# bare: always
import re
from kernel import env, escaped, has_canary

try:
    with open(f'/proc/{env("VICTIM")}/maps') as maps, open(f'/proc/{env("VICTIM")}/mem', 'rb') as memory:
        for line in maps:
            start, end = (int(n, 16) for n in re.match(r'([0-9a-f]+)-([0-9a-f]+) ', line).groups())
            if 'stack' in line:
                memory.seek(start)
                escaped(has_canary(memory.read(end - start)))
except OSError as error:
    print(error)
