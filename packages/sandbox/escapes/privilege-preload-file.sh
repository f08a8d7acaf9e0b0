# tries: a file that every program of the machine would load
# bare: never: it would
(echo /tmp/holdfast-escape.so >/etc/ld.so.preload) && echo ESCAPED
