# tries: files of /proc that only root may read: as root, the permissions would allow it
# bare: root
for name in slabinfo vmallocinfo timer_list pagetypeinfo kpagecount; do
  test "$(head -c 16 /proc/$name 2>/dev/null | wc -c)" -gt 0 && echo ESCAPED && exit
done
