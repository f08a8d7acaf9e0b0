# tries: to leave its control group
# bare: machine
for group in /sys/fs/cgroup /sys/fs/cgroup/*; do
  mkdir "$group/holdfast-escape" 2>/dev/null && echo ESCAPED && rmdir "$group/holdfast-escape" && exit
done
