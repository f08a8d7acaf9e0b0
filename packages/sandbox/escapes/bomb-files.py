# tries: to open more files than it may
# bare: always
from kernel import escaped

files = []
try:
    for _ in range(200):
        files.append(open('/dev/null'))
except OSError as error:
    print(error)
escaped(len(files) == 200)
