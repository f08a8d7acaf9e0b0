# tries: to write to the root folder
# bare: root
(echo x >/holdfast-escape) && echo ESCAPED
rm -f /holdfast-escape
