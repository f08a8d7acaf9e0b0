# tries: to be another user
# bare: root
import os
from kernel import escaped

os.setgroups([0])
os.setuid(1)
escaped()
