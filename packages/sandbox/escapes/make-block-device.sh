# tries: to make a device file of the disk, and read it
# bare: machine
set -- $(awk 'NR > 2 && $3 > 0 { print $1, $2; exit }' /proc/partitions)
for folder in out /tmp /dev/shm; do
  mknod "$folder/disk" b "$1" "$2" && head -c 512 "$folder/disk" | wc -c | grep -q 512 && echo ESCAPED
  rm -f "$folder/disk"
done
