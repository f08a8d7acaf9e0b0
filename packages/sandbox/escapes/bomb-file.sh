# tries: to fill the disk with one file
# bare: always
head -c 33554432 /dev/zero >out/large && test "$(wc -c <out/large)" -ge 33554432 && echo ESCAPED
