# tries: to fill the memory through the folder of the devices
# bare: machine
from kernel import escaped

open('/dev/holdfast-bomb', 'wb').write(bytes(1 << 20))
escaped()
