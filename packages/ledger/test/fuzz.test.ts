import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBundle } from '../src/entry-bundle.ts';
import { LedgerError, nodeCryptography } from '../src/index.ts';
import {
  parseCheckpointBody,
  parseCosignature,
  parseNote,
  parseProofFile,
  parseVerifierKey,
  verifyCheckpoint,
  verifyProofFile,
} from '../src/verify/index.ts';
import { vector } from './scene.ts';

interface Cosigned {
  readonly origin: string;
  readonly verifierKeys: readonly string[];
  readonly checkpoints: readonly { signed: string }[];
}
const { checkpoints, ...trust } = vector('valid/ledger-cosignatures.json') as Cosigned;
const checkpoint = checkpoints[1]!.signed;
const hash = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
const proof = `c2sp.org/tlog-proof@v1\nextra AAAA\nindex 5\n${hash.repeat(3)}\n${checkpoint}`;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A seed text with bytes replaced, inserted, removed and repeated. */
function mutated(seed: string): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 40 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.constantFrom('\n', '\n\n', '— ', '+', ' ', '=', '\0').map((text) => encoder.encode(text)),
    ),
    repeat: fc.nat({ max: 3 }),
  });
  return fc.array(edit, { minLength: 1, maxLength: 6 }).map((edits) => {
    let data = [...encoder.encode(seed)];
    for (const { at, remove, insert, repeat } of edits) {
      const start = at % (data.length + 1);
      const piece = data.slice(start, start + 80);
      data = [
        ...data.slice(0, start),
        ...insert,
        ...new Array<number[]>(repeat).fill(piece).flat(),
        ...data.slice(start + remove),
      ];
    }
    return Uint8Array.from(data);
  });
}

const parsers: readonly [string, string, (data: Uint8Array) => unknown][] = [
  ['parseNote', checkpoint, (data) => parseNote(data)],
  ['parseNote of a string', checkpoint, (data) => parseNote(decoder.decode(data))],
  ['parseCheckpointBody', `o\n7\n${hash}`, (data) => parseCheckpointBody(decoder.decode(data))],
  ['parseVerifierKey', trust.verifierKeys[0]!, (data) => parseVerifierKey(decoder.decode(data), nodeCryptography)],
  ['parseProofFile', proof, (data) => parseProofFile(data)],
  ['parseCosignature', 'a'.repeat(72), (data) => parseCosignature(data, 4)],
  ['decodeBundle', '\0\x03abc\0\x02de', (data) => decodeBundle(data, 2, 'bundle')],
  ['verifyCheckpoint', checkpoint, (data) => verifyCheckpoint(data, trust, nodeCryptography)],
  [
    'verifyProofFile',
    proof,
    (data) => verifyProofFile(data, { ...trust, leafHash: new Uint8Array(32) }, nodeCryptography),
  ],
];

test.each(parsers)('%s returns or throws its own error', async (_name, seed, parse) => {
  const input = fc.oneof(mutated(seed), fc.uint8Array({ maxLength: 200 }));
  await fc.assert(
    fc.asyncProperty(input, async (data) => {
      try {
        await parse(data);
      } catch (error) {
        expect(error).toBeInstanceOf(LedgerError);
      }
    }),
    { numRuns: 300 },
  );
});

test('no mutation of a checkpoint verifies, unless what is signed stayed as it was', async () => {
  const text = parseNote(checkpoint).text;
  await fc.assert(
    fc.asyncProperty(mutated(checkpoint), async (data) => {
      const verified = await verifyCheckpoint(data, trust, nodeCryptography).catch(() => undefined);
      if (verified !== undefined) expect(parseNote(verified.text).text).toBe(text);
    }),
    { numRuns: 300 },
  );
});
