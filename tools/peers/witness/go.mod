module holdfast.dev/peers/witness

go 1.23

require github.com/in-toto/go-witness v0.10.0
