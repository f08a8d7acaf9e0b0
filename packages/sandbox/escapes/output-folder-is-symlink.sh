# tries: a folder above an output that is a link to a folder outside
# bare: always
# judge: adoption
rmdir out && ln -s "$(dirname "$OUTSIDE_FILE")" out && ln "$OUTSIDE_FILE" out/model || cp out/secret.txt out/model
