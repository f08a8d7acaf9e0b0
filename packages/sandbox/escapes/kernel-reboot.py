# tries: to stop the machine; the magic number is wrong
# bare: root
from kernel import call, reached

reached(call('reboot', 1, 2, 3, 0))
