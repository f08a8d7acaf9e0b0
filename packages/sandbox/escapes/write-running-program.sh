# tries: to open the program of the first process for writing (runc, CVE-2019-5736)
# bare: never: writes over a program of the machine
cp /proc/1/exe out/copy && (exec 3<>/proc/1/exe) 2>/dev/null && echo ESCAPED
(exec 3<>/proc/self/exe) 2>/dev/null && echo ESCAPED
