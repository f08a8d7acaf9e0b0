# tries: a file in the home folder of the user
# bare: always
grep -q CANARY- "$HOME_FILE" && echo ESCAPED
