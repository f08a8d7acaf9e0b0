# tries: a link inside of an input folder that leads outside
# bare: always
grep -q CANARY- inputs/link && echo ESCAPED
