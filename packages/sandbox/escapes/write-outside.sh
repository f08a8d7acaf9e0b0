# tries: to change a file outside
# bare: always
# judge: host
echo changed >"$OUTSIDE_FILE"
