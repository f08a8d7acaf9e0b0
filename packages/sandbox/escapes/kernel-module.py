# tries: to load a module; the descriptor is not valid
# bare: machine
from kernel import call, reached

reached(call('finit_module', -1, b'', 0))
