# tries: files that the runner has open
# bare: always
for number in 3 4 5 6 7 8 9 10 11 12 20; do
  grep -qs CANARY- "/proc/self/fd/$number" && echo ESCAPED && exit
done
ls -l /proc/self/fd | grep -q secret.txt && echo ESCAPED
