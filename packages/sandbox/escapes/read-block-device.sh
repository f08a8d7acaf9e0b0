# tries: the disk itself
# bare: machine
for name in $(awk 'NR > 2 { print $4 }' /proc/partitions); do
  head -c 512 "/dev/$name" 2>/dev/null | wc -c | grep -q 512 && echo ESCAPED && exit
done
