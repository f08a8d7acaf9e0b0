# tries: to change the root folder of all; the arguments are not valid
# bare: root
from kernel import call, reached

reached(call('pivot_root', b'/nowhere', b'/nowhere'))
