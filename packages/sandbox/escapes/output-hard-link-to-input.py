# tries: an output that is a second name of an input
# bare: always
# judge: adoption
import os

os.link(os.environ['INPUT'], 'out/model')
