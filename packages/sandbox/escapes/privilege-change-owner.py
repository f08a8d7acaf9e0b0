# tries: to give an output to root or another user
# bare: root
import os
from kernel import escaped

open('out/owned', 'w').write('x')
os.chown('out/owned', 1, 1)
escaped()
