# tries: to make the inputs writable
# bare: never: there is nothing mounted
mount -o remount,rw,bind "$INPUT" && echo ESCAPED
mount -o remount,rw /usr && echo ESCAPED
