# tries: to make an input look older than it is
# bare: always
# judge: host
touch -d 2001-01-01 "$INPUT"
