# tries: to take a mask off what is hidden
# bare: never: there is nothing mounted
for path in "$INPUT" "$PROJECT" /proc/kcore /proc/sys /tmp; do umount "$path" && echo ESCAPED; umount -l "$path" && echo ESCAPED; done
