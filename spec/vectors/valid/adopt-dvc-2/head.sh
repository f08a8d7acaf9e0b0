head -n "$1" data/raw.csv
