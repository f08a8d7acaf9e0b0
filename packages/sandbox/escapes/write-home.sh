# tries: to leave a program that the user's shell starts
# bare: always
# judge: host
echo 'echo owned' >"$(dirname "$HOME_FILE")/.profile"
