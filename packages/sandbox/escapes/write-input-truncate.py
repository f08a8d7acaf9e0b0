# tries: to cut an input short
# bare: always
# judge: host
import os

os.truncate(os.environ['INPUT'], 0)
