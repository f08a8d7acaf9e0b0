# tries: outputs that are larger together than they may be, each of them small enough
# bare: always
# judge: adoption
mkdir out/model && for n in 1 2 3 4 5 6; do head -c 4000000 /dev/zero >out/model/$n; done
