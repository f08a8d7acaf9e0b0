package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"crypto/sha256"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"crypto/rand"

	"github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func hasher(bundle []byte) ([][]byte, error) {
	eb := &api.EntryBundle{}
	if err := eb.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	r := make([][]byte, 0, len(eb.Entries))
	for _, e := range eb.Entries {
		r = append(r, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return r, nil
}

func main() {
	if os.Args[1] == "fsck" { // fsck folder origin ed25519-vkey [mldsa-vkey]
		v, err := note.NewVerifier(os.Args[4])
		must(err)
		f := fsck.New(os.Args[3], v, client.FileFetcher{Root: os.Args[2]}, hasher, fsck.Opts{N: 1})
		if err := f.Check(context.Background()); err != nil {
			fmt.Println("tessera fsck:", err)
			os.Exit(1)
		}
		raw, _ := os.ReadFile(os.Args[2] + "/checkpoint")
		vs := []note.Verifier{v}
		if len(os.Args) > 5 {
			mv, err := fnote.NewVerifierForCosignatureV1(os.Args[5])
			must(err)
			vs = append(vs, mv)
		}
		cp, _, n, err := log.ParseCheckpoint(raw, os.Args[3], v, vs[1:]...)
		must(err)
		fmt.Println("tessera fsck: ok, size", cp.Size, "signatures verified", len(n.Sigs))
		return
	}
	info, _ := debug.ReadBuildInfo()
	ver := info.GoVersion
	for _, d := range info.Deps {
		if d.Path == "github.com/transparency-dev/formats" || d.Path == "filippo.io/mldsa" {
			ver = d.Path + " " + d.Version + ", " + ver
		}
	}
	origin := "vectors.example"
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	must(err)
	ls, err := note.NewSigner(skey)
	must(err)
	esk, evk, err := note.GenerateKey(rand.Reader, "witness.example/ed25519")
	must(err)
	es, err := fnote.NewSignerForCosignatureV1(esk)
	must(err)
	evk4, err := fnote.VKeyToCosignatureV1(evk)
	must(err)
	msk, mvk, err := fnote.GenerateMLDSAKey("witness.example/ml-dsa")
	must(err)
	ms, err := fnote.NewSignerForCosignatureV1(msk)
	must(err)
	root := sha256.Sum256([]byte("any root"))
	cps := []map[string]any{}
	for _, size := range []int{0, 1, 70000, 20852163} {
		text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
		signed, err := note.Sign(&note.Note{Text: text}, ls, es, ms)
		must(err)
		cps = append(cps, map[string]any{"size": size, "root": base64.StdEncoding.EncodeToString(root[:]), "signed": string(signed)})
	}
	j, _ := json.MarshalIndent(map[string]any{
		"source": "github.com/transparency-dev/formats/note", "version": ver, "origin": origin,
		"verifierKeys": []string{vkey, evk4, mvk}, "mlDsaSecret": strings.Split(msk, "+")[4], "checkpoints": cps,
	}, "", "  ")
	must(os.WriteFile(os.Args[1], append(j, '\n'), 0o644))
}
