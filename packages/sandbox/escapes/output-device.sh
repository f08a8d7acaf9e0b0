# tries: an output that is a device
# bare: root
# judge: adoption
mknod out/model c 1 5
