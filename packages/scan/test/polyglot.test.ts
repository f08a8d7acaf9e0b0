import { expect, test } from 'vitest';
import { scanBytes } from '../src/scan-bytes.ts';

/** Protocol 0, and all printable but for line feeds; CPython 3.11 runs each of the files below by `pickle.loads`. */
const call = "cposix\nsystem\n(S'true'\ntR.";
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A tar whose only entry has a pickle for its name. */
function tarNamed(name: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write('0000644\0' + '0000000\0'.repeat(2) + '00000000000\0'.repeat(2) + ' '.repeat(8) + '0', 100, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
  return Buffer.concat([block, Buffer.alloc(9728)]);
}

/** Field 5 is a number, 0x55: `(`, and `U`, which passes over as many bytes as field 2 (0x12) has for its tag. */
function onnxBefore(pickle: string): Buffer {
  const producer = 'x'.repeat(17) + pickle;
  const outline = `\x28\x55\x12${String.fromCharCode(producer.length)}${producer}\x08\x08\x3a\x03\x12\x01g\x42\x02\x10\x11`;
  return latin1(outline);
}

/** The length of the header starts with `C`, which passes over 32 bytes; `U` in the metadata passes over the rest. */
function safetensorsBefore(pickle: string): Buffer {
  const length = 0x43 + 0x100 * 0x20;
  let header = '{"__metadata__":{"a":"'.padEnd(0x20 + 2 - 8, 'x');
  const end = `"},"t":{"dtype":"U8","shape":[${pickle.length}],"data_offsets":[0,${pickle.length}]}}`;
  const hop = (bytes: number): string => `U${String.fromCharCode(bytes)}`;
  // The last hop, of 0x7e bytes, is over the end of the header.
  const middle = length - header.length - 0x80;
  const hops = Math.floor(middle / 0x60) - 1;
  header += (hop(0x5e) + 'x'.repeat(0x5e)).repeat(hops);
  const left = length - 0x80 - header.length;
  const [one, other] = [Math.floor(left / 2), Math.ceil(left / 2)];
  for (const bytes of [one, other]) header += hop(bytes - 2) + 'x'.repeat(bytes - 2);
  header += hop(0x7e) + end.padStart(0x7e, 'x');
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([size, latin1(header), latin1(pickle)]);
}

const made: readonly (readonly [string, string, Buffer])[] = [
  ['tar', 'a name in a tar', tarNamed(call)],
  ['onnx', 'a text in an ONNX model', onnxBefore(call)],
  ['safetensors', 'the bytes of a tensor', safetensorsBefore(call)],
];

for (const [format, where, bytes] of made) {
  for (const name of ['pytorch_model.bin', 'model.pkl', `model.${format}`]) {
    test(`${where} that unpickling would run is a pickle, as ${name}`, async () => {
      const result = await scanBytes(bytes, name);
      expect(result).toMatchObject({ format, verdict: 'fail' });
      expect(result.findings.map(({ rule }) => rule)).toContain('scan.polyglot');
      expect(result.findings.map(({ reaches }) => reaches)).toContain('os.system');
    });
  }
}

test('the same without a pickle in it passes', async () => {
  expect(await scanBytes(onnxBefore('y'.repeat(30)), 'model.onnx')).toMatchObject({ verdict: 'pass' });
  expect(await scanBytes(safetensorsBefore('y'.repeat(30)), 'model.safetensors')).toMatchObject({ verdict: 'pass' });
});
