# tries: to be user 0
# bare: root
import os
from kernel import escaped

os.setuid(0)
escaped()
