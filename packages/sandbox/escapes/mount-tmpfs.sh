# tries: to mount something
# bare: root
mkdir -p out/mount && mount -t tmpfs none out/mount && echo ESCAPED && umount out/mount
