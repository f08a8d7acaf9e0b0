# tries: to change a file of the project that is no output
# bare: always
# judge: host
echo changed >"$PROJECT/secret.txt"
