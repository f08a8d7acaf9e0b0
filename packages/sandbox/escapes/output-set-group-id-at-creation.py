# tries: an output that is made with the set-user-id and set-group-id bits, without chmod
# bare: always
# judge: adoption
import os

os.umask(0)
os.close(os.open('out/model', os.O_CREAT | os.O_WRONLY, 0o6755))  # to write would clear the bits
