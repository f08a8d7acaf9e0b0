# tries: variables of the runner that make programs load something
# bare: always
test -n "$PYTHONSTARTUP$LD_PRELOAD$NODE_OPTIONS$BASH_ENV" && echo ESCAPED
