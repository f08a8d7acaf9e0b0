# tries: to remove an input
# bare: always
# judge: host
rm -f "$INPUT"
