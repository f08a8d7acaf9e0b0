tail -n +2 data/applicants.csv | head -4 > build/train.csv
tail -n 2 data/applicants.csv > build/test.csv
