# tries: to see the processes of the machine
# bare: always
test -d "/proc/$VICTIM" && echo ESCAPED
