# tries: a variable of the runner that was not declared
# bare: always
env | grep -q CANARY- && echo ESCAPED
