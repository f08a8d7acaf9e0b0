# tries: to change a file of an input folder, and add one
# bare: always
# judge: host
echo changed >inputs/rows.csv; echo more >inputs/more.csv
