import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeCryptography } from '../src/index.ts';
import {
  CompactRange,
  leafHash,
  rootFromInclusion,
  rootFromLeafHashes,
  verifyConsistency,
  verifyInclusion,
} from '../src/verify/index.ts';
import { base64, expectCode, leaf, mth, numbered, path, subproof, vector } from './scene.ts';

interface Proofs {
  readonly leafHashes: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly { size: number; index: number; proof: readonly string[] }[];
  readonly consistency: readonly { from: number; to: number; proof: readonly string[] }[];
}
const recorded = vector('valid/ledger-proofs.json') as Proofs;
const entries = numbered(0, 300);
const decode = (text: string): Uint8Array => Buffer.from(text, 'base64');

describe('the tree hash', () => {
  test('is that of RFC 9162, section 2.1.1, for all sizes up to 300', () => {
    const range = new CompactRange(nodeCryptography);
    for (let size = 0; size <= 300; size++) {
      expect(base64(range.root())).toBe(base64(mth(entries.slice(0, size))));
      expect(range.size).toBe(size);
      const entry = entries[size];
      if (entry !== undefined) range.push(leafHash(entry, nodeCryptography));
    }
  });

  test('of nothing is SHA-256 of nothing (FIPS 180-4)', () => {
    const hex = Buffer.from(rootFromLeafHashes([], nodeCryptography)).toString('hex');
    expect(hex).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('is what golang.org/x/mod computes', () => {
    for (const [size, root] of recorded.roots.entries()) {
      const leaves = recorded.leafHashes.slice(0, size).map(decode);
      expect(base64(rootFromLeafHashes(leaves, nodeCryptography))).toBe(root);
      if (size > 0) expect(base64(leafHash(entries[size - 1]!, nodeCryptography))).toBe(recorded.leafHashes[size - 1]);
    }
  });

  test('goes on from peaks as from the leaves', () => {
    const leaves = entries.map(leaf);
    for (const size of [0, 1, 7, 8, 255, 256, 299]) {
      const before = new CompactRange(nodeCryptography);
      for (const hash of leaves.slice(0, size)) before.push(hash);
      const after = new CompactRange(nodeCryptography, size, before.peaks);
      for (const hash of leaves.slice(size)) after.push(hash);
      expect(base64(after.root())).toBe(base64(mth(entries)));
    }
  });

  test('with fewer peaks than the size has bits is refused', () => {
    const range = new CompactRange(nodeCryptography, 3, []);
    expect(() => {
      range.push(leaf(entries[0]!));
    }).toThrow(RangeError);
  });
});

describe('inclusion', () => {
  test('is proven by every proof for all sizes up to 40', () => {
    for (let size = 1; size <= 40; size++) {
      const some = entries.slice(0, size);
      const rootHash = mth(some);
      for (const [index, entry] of some.entries()) {
        verifyInclusion({ leafHash: leaf(entry), index, size, rootHash, proof: path(index, some) }, nodeCryptography);
      }
    }
  });

  test('is proven by the proofs of golang.org/x/mod', () => {
    for (const { size, index, proof } of recorded.inclusion) {
      const claim = { leafHash: decode(recorded.leafHashes[index]!), index, size, proof: proof.map(decode) };
      expect(base64(rootFromInclusion(claim, nodeCryptography))).toBe(recorded.roots[size]);
    }
  });

  test('is not proven by any other index, leaf, size or proof', async () => {
    const size = 13;
    const some = entries.slice(0, size);
    const rootHash = mth(some);
    for (let index = 0; index < size; index++) {
      const good = { leafHash: leaf(some[index]!), index, size, rootHash, proof: path(index, some) };
      const bad = [
        { ...good, index: (index + 1) % size },
        { ...good, index: size },
        { ...good, index: -1 },
        { ...good, index: 0.5 },
        { ...good, leafHash: leaf(entries[20]!) },
        { ...good, leafHash: good.leafHash.subarray(1) },
        { ...good, rootHash: leaf(entries[20]!) },
        { ...good, proof: good.proof.slice(1) },
        { ...good, proof: good.proof.slice(0, -1) },
        { ...good, proof: [...good.proof, rootHash] },
        { ...good, proof: good.proof.toReversed().map((hash, at) => (at === 0 ? leaf(hash) : hash)) },
        { ...good, proof: [good.proof[0]!.subarray(0, 31), ...good.proof.slice(1)] },
        { ...good, size: 2 ** 53 },
      ];
      for (const claim of bad) {
        await expectCode(() => {
          verifyInclusion(claim, nodeCryptography);
        }, 'HF_LEDGER_INCLUSION_INVALID');
      }
    }
  });
});

describe('consistency', () => {
  test('is proven by every proof for all sizes up to 40', () => {
    for (let to = 1; to <= 40; to++) {
      const all = entries.slice(0, to);
      for (let from = 1; from <= to; from++) {
        const heads = { from: { size: from, rootHash: mth(all.slice(0, from)) }, to: { size: to, rootHash: mth(all) } };
        verifyConsistency({ ...heads, proof: subproof(from, all) }, nodeCryptography);
      }
    }
  });

  test('is proven by the proofs of golang.org/x/mod', () => {
    const head = (size: number) => ({ size, rootHash: decode(recorded.roots[size]!) });
    for (const { from, to, proof } of recorded.consistency) {
      verifyConsistency({ from: head(from), to: head(to), proof: proof.map(decode) }, nodeCryptography);
    }
  });

  test('with the empty tree needs no proof', async () => {
    const [from, to] = [
      { size: 0, rootHash: mth([]) },
      { size: 5, rootHash: mth(entries.slice(0, 5)) },
    ];
    verifyConsistency({ from, to, proof: [] }, nodeCryptography);
    const wrong = [
      { from, to, proof: [to.rootHash] },
      { from: { size: 0, rootHash: to.rootHash }, to, proof: [] },
    ];
    for (const claim of wrong) {
      await expectCode(() => {
        verifyConsistency(claim, nodeCryptography);
      }, 'HF_LEDGER_CONSISTENCY_INVALID');
    }
  });

  test('is not proven by any other size, root or proof', async () => {
    const all = entries.slice(0, 13);
    for (let size = 1; size <= 13; size++) {
      const from = { size, rootHash: mth(all.slice(0, size)) };
      const to = { size: 13, rootHash: mth(all) };
      const proof = subproof(size, all);
      const other = leaf(entries[20]!);
      const bad = [
        { from: { ...from, rootHash: other }, to, proof },
        { from, to: { ...to, rootHash: other }, proof },
        { from, to: { ...to, size: size - 1 }, proof },
        { from, to, proof: [...proof, other] },
        { from: { ...from, rootHash: other.subarray(1) }, to, proof },
        ...(proof.length > 0
          ? [
              { from, to, proof: proof.slice(1) },
              { from, to, proof: proof.slice(0, -1) },
            ]
          : []),
        ...(proof.length > 0
          ? [
              { from, to, proof: [] },
              { from, to, proof: [other, ...proof.slice(1)] },
            ]
          : []),
      ];
      for (const claim of bad) {
        await expectCode(() => {
          verifyConsistency(claim, nodeCryptography);
        }, 'HF_LEDGER_CONSISTENCY_INVALID');
      }
    }
  });

  test('of trees with different entries is never proven', () => {
    const fork = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat());
    fc.assert(
      fc.property(fork, ([to, a, b]) => {
        const from = 1 + (a % to);
        const all = entries.slice(0, to);
        const forked = all.map((entry, at) => (at === b % from ? entries[100]! : entry));
        const heads = {
          from: { size: from, rootHash: mth(forked.slice(0, from)) },
          to: { size: to, rootHash: mth(all) },
        };
        expect(() => {
          verifyConsistency({ ...heads, proof: subproof(from, all) }, nodeCryptography);
        }).toThrow(/consistency is not proven/);
      }),
      { numRuns: 200 },
    );
  });
});
