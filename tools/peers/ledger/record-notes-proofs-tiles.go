package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type reader struct{ h []tlog.Hash }

func (r *reader) ReadHashes(ix []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(ix))
	for i, x := range ix {
		out[i] = r.h[x]
	}
	return out, nil
}
func b(h tlog.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }
func bs(hs []tlog.Hash) []string {
	o := []string{}
	for _, h := range hs {
		o = append(o, b(h))
	}
	return o
}
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func build(n int, entry func(int) []byte) *reader {
	r := &reader{}
	for i := 0; i < n; i++ {
		hs, err := tlog.StoredHashes(int64(i), entry(i), r)
		must(err)
		r.h = append(r.h, hs...)
	}
	return r
}

func write(name string, v any) {
	j, _ := json.MarshalIndent(v, "", "  ")
	must(os.WriteFile(os.Args[1]+"/"+name, append(j, '\n'), 0o644))
}

func main() {
	info, _ := debug.ReadBuildInfo()
	ver := ""
	for _, d := range info.Deps {
		if d.Path == "golang.org/x/mod" {
			ver = d.Path + " " + d.Version + ", " + info.GoVersion
		}
	}
	// notes
	name := "vectors.example"
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	parts := strings.SplitN(skey, "+", 5)
	raw, _ := base64.StdEncoding.DecodeString(parts[4])
	seed := raw[1:]
	_ = ed25519.NewKeyFromSeed(seed)
	notes := []map[string]any{}
	empty := sha256.Sum256(nil)
	for _, text := range []string{
		"vectors.example\n0\n" + base64.StdEncoding.EncodeToString(empty[:]) + "\n",
		"one line\n", "empty lines inside\n\n\nstill the text\n", "grüße ✓ \u00a0\n",
	} {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		must(err)
		notes = append(notes, map[string]any{"text": text, "signed": string(signed)})
	}
	write("ledger-notes.json", map[string]any{
		"source": "golang.org/x/mod/sumdb/note", "version": ver,
		"seed": hex.EncodeToString(seed), "verifierKey": vkey, "notes": notes,
	})
	// proofs for 13 leaves
	entry := func(i int) []byte { return []byte(fmt.Sprintf("entry %d", i)) }
	const n = 13
	r := build(n, entry)
	roots, inc, con := []string{}, []any{}, []any{}
	for size := int64(0); size <= n; size++ {
		h, err := tlog.TreeHash(size, r)
		must(err)
		roots = append(roots, b(h))
	}
	leaves := []string{}
	for i := int64(0); i < n; i++ {
		leaves = append(leaves, b(tlog.RecordHash(entry(int(i)))))
	}
	for size := int64(1); size <= n; size++ {
		for i := int64(0); i < size; i++ {
			p, err := tlog.ProveRecord(size, i, r)
			must(err)
			inc = append(inc, map[string]any{"size": size, "index": i, "proof": bs(p)})
		}
		for m := int64(1); m <= size; m++ {
			p, err := tlog.ProveTree(size, m, r)
			must(err)
			con = append(con, map[string]any{"from": m, "to": size, "proof": bs(p)})
		}
	}
	write("ledger-proofs.json", map[string]any{
		"source": "golang.org/x/mod/sumdb/tlog", "version": ver, "entries": "`entry ${index}`",
		"leafHashes": leaves, "roots": roots, "inclusion": inc, "consistency": con,
	})
	// tiles of a tree of 70,000: the example of tlog-tiles
	const big = 70000
	rb := build(big, entry)
	root, err := tlog.TreeHash(big, rb)
	must(err)
	tiles := []any{}
	for _, t := range tlog.NewTiles(8, 0, big) {
		data, err := tlog.ReadTileData(t, rb)
		must(err)
		sum := sha256.Sum256(data)
		p := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		m := map[string]any{"path": p, "bytes": len(data), "sha256": hex.EncodeToString(sum[:])}
		tiles = append(tiles, m)
	}
	const small = 300
	rs := build(small, entry)
	sroot, _ := tlog.TreeHash(small, rs)
	stiles := []any{}
	for _, t := range tlog.NewTiles(8, 0, small) {
		data, err := tlog.ReadTileData(t, rs)
		must(err)
		stiles = append(stiles, map[string]any{"path": strings.Replace(t.Path(), "tile/8/", "tile/", 1), "base64": base64.StdEncoding.EncodeToString(data)})
	}
	write("ledger-tiles.json", map[string]any{
		"source": "golang.org/x/mod/sumdb/tlog", "version": ver, "entries": "`entry ${index}`",
		"small": map[string]any{"size": small, "root": b(sroot), "tiles": stiles},
		"large": map[string]any{"size": big, "root": b(root), "tiles": tiles},
	})
}
