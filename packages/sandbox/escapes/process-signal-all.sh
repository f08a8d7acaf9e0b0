# tries: to kill every process that it may
# bare: never: it would
# judge: host
kill -9 -1
