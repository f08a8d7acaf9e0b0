# tries: an output that is a named pipe: who reads it waits for ever
# bare: always
# judge: adoption
mkfifo out/model
