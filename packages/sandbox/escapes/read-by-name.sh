# tries: to find a canary by its name
# bare: always
find "$ROOT" -name secret.txt 2>/dev/null | grep -q . && echo ESCAPED
