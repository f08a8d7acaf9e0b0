# tries: to go on when the command has ended
# bare: always
# judge: host
setsid sh -c 'sleep 0.3; echo late >"$PROJECT/out/late"; echo late >"$PROJECT/late"' >/dev/null 2>&1 &
sleep 0.05
