# tries: to be root in a namespace of its own, with all of the kernel that this opens
# bare: machine
unshare --user --map-root-user true && echo ESCAPED
