# tries: the signing key of the project
# bare: always
grep -q CANARY- "$PROJECT/.holdfast/keys/key" && echo ESCAPED
