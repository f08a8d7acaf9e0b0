# tries: the terminals of other people
# bare: never: it would write to them
for terminal in /dev/pts/[0-9]* /dev/tty[0-9]*; do (echo owned >"$terminal") 2>/dev/null && echo ESCAPED; done
