# tries: an output that is a link to a file outside
# bare: always
# judge: adoption
ln -s "$OUTSIDE_FILE" out/model
