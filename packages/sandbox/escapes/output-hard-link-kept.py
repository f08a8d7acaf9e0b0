# tries: an output of which a second name stays outside the declared outputs
# bare: always
# judge: adoption
import os

open('out/model', 'w').write('model')
os.link('out/model', 'out/undeclared')
