// What `witness run --trace` does, by the library that it is made of: attests materials, runs a command under ptrace,
// attests products, and signs. `go run . [-trace] OUTFILE COMMAND [ARGUMENT…]`
package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"flag"
	"log"
	"os"

	"github.com/in-toto/go-witness/attestation"
	"github.com/in-toto/go-witness/attestation/commandrun"
	"github.com/in-toto/go-witness/attestation/material"
	"github.com/in-toto/go-witness/attestation/product"
	"github.com/in-toto/go-witness/cryptoutil"
	"github.com/in-toto/go-witness/dsse"
)

func main() {
	trace := flag.Bool("trace", false, "trace what the command opens")
	flag.Parse()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	signer, err := cryptoutil.NewSigner(key)
	if err != nil {
		log.Fatal(err)
	}
	command := commandrun.New(commandrun.WithCommand(flag.Args()[1:]), commandrun.WithTracing(*trace), commandrun.WithSilent(true))
	context, err := attestation.NewContext("bench", []attestation.Attestor{material.New(), command, product.New()},
		attestation.WithHashes([]cryptoutil.DigestValue{{Hash: crypto.SHA256}}))
	if err != nil {
		log.Fatal(err)
	}
	if err := context.RunAttestors(); err != nil {
		log.Fatal(err)
	}
	for _, completed := range context.CompletedAttestors() {
		if completed.Error != nil {
			log.Fatal(completed.Error)
		}
	}
	collection, err := json.Marshal(attestation.NewCollection("bench", context.CompletedAttestors()))
	if err != nil {
		log.Fatal(err)
	}
	envelope, err := dsse.Sign(attestation.CollectionType, bytes.NewReader(collection), dsse.SignWithSigners(signer))
	if err != nil {
		log.Fatal(err)
	}
	out, err := os.Create(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(out).Encode(envelope); err != nil {
		log.Fatal(err)
	}
}
