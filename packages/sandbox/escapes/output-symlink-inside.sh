# tries: an output folder with a link in its depth
# bare: always
# judge: adoption
mkdir -p out/model/deep && ln -s /etc/passwd out/model/deep/weights
