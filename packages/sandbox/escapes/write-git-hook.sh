# tries: to leave a hook that git runs outside
# bare: always
# judge: host
mkdir -p "$PROJECT/.git/hooks" && echo 'echo owned' >"$PROJECT/.git/hooks/pre-commit"
