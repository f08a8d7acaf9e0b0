# tries: to fill the memory through /tmp
# bare: always
from kernel import escaped

with open('/tmp/holdfast-bomb', 'wb') as file:
    import os

    try:
        for _ in range(600):
            file.write(bytes(1 << 20))
        file.flush()
        escaped()
    except OSError as error:
        print(error)
    os.unlink('/tmp/holdfast-bomb')
