# tries: to make an input writable
# bare: always
# judge: host
chmod 0777 "$INPUT"
