# tries: to move another file over an input, between its hash and its use
# bare: always
# judge: host
echo changed >out/new && mv -f out/new "$INPUT"
