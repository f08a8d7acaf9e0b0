# tries: a file of the project that is no input
# bare: always
grep -q CANARY- "$PROJECT/secret.txt" && echo ESCAPED
