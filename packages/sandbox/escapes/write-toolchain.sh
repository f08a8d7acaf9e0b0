# tries: to change the programs of the machine
# bare: root
for path in /usr/local/bin/holdfast-escape /usr/lib/holdfast-escape /bin/holdfast-escape /etc/holdfast-escape; do
  (echo x >"$path") 2>/dev/null && echo ESCAPED
  rm -f "$path"
done
