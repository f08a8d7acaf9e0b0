# tries: an output that is a second name of a file outside
# bare: always
# judge: adoption
import os

os.link(os.environ['OUTSIDE_FILE'], 'out/model')
