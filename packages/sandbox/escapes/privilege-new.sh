# tries: whether programs with the set-user-id bit still have their power
# bare: always
grep -q '^NoNewPrivs:.0$' /proc/self/status && echo ESCAPED
