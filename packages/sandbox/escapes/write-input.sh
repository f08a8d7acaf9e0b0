# tries: to change an input
# bare: always
# judge: host
echo changed >"$INPUT"
