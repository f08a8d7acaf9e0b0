# tries: mounts in a namespace of its own
# bare: root
unshare --mount true && echo ESCAPED
