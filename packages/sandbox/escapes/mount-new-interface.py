# tries: the newer calls for mounts
# bare: root
from kernel import call, escaped

escaped(call('fsopen', b'tmpfs', 0) >= 0)
escaped(call('open_tree', -100, b'/', 1) >= 0)
