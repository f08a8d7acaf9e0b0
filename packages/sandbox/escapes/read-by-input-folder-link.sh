# tries: a folder link inside of an input that leads outside
# bare: always
grep -q CANARY- inputs/folder/secret.txt && echo ESCAPED
