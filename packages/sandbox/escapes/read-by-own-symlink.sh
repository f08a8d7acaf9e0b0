# tries: a link made in the output folder that leads outside
# bare: always
ln -s "$OUTSIDE_FILE" out-link && grep -q CANARY- out-link && echo ESCAPED
