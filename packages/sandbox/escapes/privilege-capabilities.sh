# tries: a capability of any kind, also for a program that would gain one
# bare: always
grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | grep -q '[1-9a-f]$\|[1-9a-f]0*$' && echo ESCAPED
