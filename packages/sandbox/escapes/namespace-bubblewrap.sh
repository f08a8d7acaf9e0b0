# tries: bubblewrap inside, with all that it can still see
# bare: machine
bwrap --ro-bind / / true && echo ESCAPED
