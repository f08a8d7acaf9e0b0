# tries: to fill the memory through /dev/shm
# bare: always
import os
from kernel import escaped

with open('/dev/shm/holdfast-bomb', 'wb') as file:
    try:
        for _ in range(600):
            file.write(bytes(1 << 20))
        file.flush()
        escaped()
    except OSError as error:
        print(error)
    os.unlink('/dev/shm/holdfast-bomb')
