# tries: to move the folder of an input away and put another in its place
# bare: always
# judge: host
mv inputs out/old && mkdir inputs && echo changed >inputs/rows.csv
