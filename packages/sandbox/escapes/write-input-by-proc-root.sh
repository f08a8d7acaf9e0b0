# tries: to change an input through the root folder of the first process
# bare: always
# judge: host
for process in 1 self $$; do echo changed >"/proc/$process/root$INPUT"; done
