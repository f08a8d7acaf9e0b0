# tries: the open files of another process
# bare: always
cat "/proc/$VICTIM/fd/0" 2>/dev/null | grep -q CANARY- && echo ESCAPED
