# tries: to swap to a file of its own; the file is not there
# bare: root
from kernel import call, reached

reached(call('swapon', b'/nowhere', 0))
