# tries: the working folder of every process, and above it
# bare: always
for cwd in /proc/[0-9]*/cwd; do
  for up in . .. ../..; do grep -qs CANARY- "$cwd/$up/outside/secret.txt" && echo ESCAPED && exit; done
done
