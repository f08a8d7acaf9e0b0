import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementTypes } from '../src/formats/gguf/element-types.ts';
import { scanFile } from '../src/index.ts';
import { damaged } from './damage.ts';
import { needsPython, runPython, scanBytes, temporaryFolder, verdictOf } from './files-scene.ts';
import { GgufBytes } from './gguf-bytes.ts';

const folder = temporaryFolder();
const scan = async (gguf: GgufBytes): Promise<string> => verdictOf(await scanBytes(folder, 'x.gguf', gguf.bytes()));

/** gguf 0.19.0 writes every kind of key and most types of tensors, in both byte orders. */
const writer = `
import sys, numpy as np
from gguf import GGUFWriter, GGUFEndian, GGMLQuantizationType as T
from gguf.quants import quantize
folder = sys.argv[1]
for name, endian in [("little", GGUFEndian.LITTLE), ("big", GGUFEndian.BIG)]:
    w = GGUFWriter(f"{folder}/{name}.gguf", "llama", endianess=endian)
    w.add_name("a model"); w.add_uint8("u8", 1); w.add_int8("i8", -1); w.add_uint16("u16", 1); w.add_int16("i16", -1)
    w.add_uint32("u32", 1); w.add_int32("i32", -1); w.add_uint64("u64", 1); w.add_int64("i64", -1)
    w.add_float32("f32", 1.5); w.add_float64("f64", 1.5); w.add_bool("yes", True)
    w.add_array("texts", ["<s>", "größe"]); w.add_array("numbers", [1, 2, 3]); w.add_array("truths", [True, False])
    w.add_token_list(["a", "b", "c"]); w.add_token_scores([0.0, 1.0, 2.0])
    w.add_chat_template([{"name": "default", "template": "{{ messages }}"}, {"name": "tools", "template": "{{ tools|tojson }}"}])
    w.add_tensor("a", np.ones((3, 5), np.float32)); w.add_tensor("b", np.ones((7,), np.float16))
    w.add_tensor("c", np.ones((2, 3), np.int8)); w.add_tensor("d", np.ones((1,), np.float64))
    if name == "little":
        for t in [T.Q4_0, T.Q8_0, T.Q5_1, T.BF16, T.TQ2_0, T.MXFP4]:
            data = quantize(np.ones((2, 256), np.float32), t)
            w.add_tensor(t.name, data, raw_dtype=t)
    w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()
w = GGUFWriter(f"{folder}/vocabulary.gguf", "llama"); w.add_token_list(["a"])
w.write_header_to_file(); w.write_kv_data_to_file(); w.write_ti_data_to_file(); w.close()
`;

describe('a GGUF file', () => {
  it('that gguf 0.19.0 wrote is clean', async (context) => {
    needsPython(context);
    runPython(writer, [folder]);
    const names = ['little', 'big', 'vocabulary'];
    const results = await Promise.all(names.map((name) => scanFile(join(folder, `${name}.gguf`))));
    expect(results.flatMap(({ findings, left }) => [...findings, ...left])).toEqual([]);
    expect(results.map(({ verdict, summary, parts }) => `${verdict} ${summary} ${parts}`)).toEqual([
      'pass 10 tensors, chat template 2',
      'pass 4 tensors, chat template 2',
      'pass 0 tensors 0',
    ]);
  });

  it('has blocks of the sizes that gguf 0.19.0 says', (context) => {
    needsPython(context);
    const theirs: unknown = JSON.parse(
      runPython(`
import json
from gguf.constants import GGML_QUANT_SIZES
print(json.dumps(sorted([int(t), t.name, *sizes] for t, sizes in GGML_QUANT_SIZES.items())))`),
    );
    expect([...elementTypes].map(([id, { name, block, bytes }]) => [id, name, block, bytes])).toEqual(theirs);
  });

  it('of version 2 or 3 is read, in both byte orders', async () => {
    for (const how of [{ version: 2 }, { version: 3 }, { version: 3, big: true }]) {
      const gguf = new GgufBytes({ ...how, tensors: 1, keys: 1 })
        .pair('general.name', 'x')
        .tensor('a', [3], 0, 0)
        .data(12);
      expect(await scan(gguf)).toBe('pass');
    }
  });

  const one = (keys = 0): GgufBytes => new GgufBytes({ tensors: 1, keys });
  const two = (): GgufBytes => new GgufBytes({ tensors: 2 });
  it.each<[string, GgufBytes, string]>([
    ['more tensors than it has bytes', new GgufBytes({ tensors: 2n ** 40n }), 'length'],
    ['2^64 − 1 keys', new GgufBytes({ keys: 2n ** 64n - 1n }), 'length'],
    ['a key longer than the file', new GgufBytes({ keys: 1 }).u64(2 ** 30).raw('aaaaaaaaaaaaaaaa'), 'length'],
    [
      'a text longer than the file',
      new GgufBytes({ keys: 1 })
        .text('key')
        .u32(8)
        .u64(2n ** 63n)
        .raw('abc'),
      'length',
    ],
    [
      'an array longer than the file',
      new GgufBytes({ keys: 1 })
        .text('key')
        .u32(9)
        .u32(10)
        .u64(2n ** 61n),
      'length',
    ],
    ['a dimension of 2^63', one().tensor('a', [2n ** 63n], 0, 0), 'length'],
    ['dimensions that overflow', one().tensor('a', [2 ** 30, 2 ** 30, 2 ** 30], 0, 0), 'length'],
    ['an offset of 2^63', one().tensor('a', [1], 0, 2n ** 63n), 'length'],
    ['a key twice', new GgufBytes({ keys: 2 }).pair('key', 'a').pair('key', 'b'), 'duplicate'],
    ['a tensor twice', two().tensor('a', [8], 0, 0).tensor('a', [8], 0, 32).data(64), 'duplicate'],
    ['tensors that overlap', two().tensor('a', [16], 0, 0).tensor('b', [8], 0, 32).data(64), 'layout'],
    ['an offset that is not aligned', one().tensor('a', [1], 0, 4).data(32), 'layout'],
    ['a gap', two().tensor('a', [8], 0, 0).tensor('b', [8], 0, 64).data(96), 'layout'],
    ['a tensor beyond the end', one().tensor('a', [64], 0, 0).data(32), 'layout'],
    ['bytes behind the last tensor', one().tensor('a', [8], 0, 0).data(64), 'layout'],
    ['padding that is not zero', two().tensor('a', [1], 0, 0).tensor('b', [8], 0, 32).data(64), 'layout'],
    ['padding at the end that is not zero', one().tensor('a', [1], 0, 0).data(32), 'layout'],
  ])('with %s fails', async (_, gguf, rule) => {
    expect(await scan(gguf)).toBe(`fail scan.gguf.${rule}`);
  });

  it.each<[string, GgufBytes]>([
    ['version 1', new GgufBytes({ version: 1 })],
    ['version 4', new GgufBytes({ version: 4 })],
    ['a key without a name', new GgufBytes({ keys: 1 }).pair('', 'value')],
    ['a type of value that is unknown', new GgufBytes({ keys: 1 }).text('key').u32(13).u64(0)],
    [
      'a truth of 2',
      new GgufBytes({ keys: 1 })
        .text('key')
        .u32(7)
        .raw(new Uint8Array([2])),
    ],
    ['an alignment of 3', new GgufBytes({ keys: 1 }).text('general.alignment').u32(4).u32(3)],
    ['an alignment that is a text', new GgufBytes({ keys: 1 }).pair('general.alignment', 'xx')],
    ['a chat template that is a number', new GgufBytes({ keys: 1 }).text('tokenizer.chat_template').u32(4).u32(3)],
    ['a type of tensor that is unknown', one().tensor('a', [8], 4, 0).data(32)],
    ['rows that are no whole blocks', one().tensor('a', [33], 2, 0).data(64)],
    ['five dimensions', one().tensor('a', [1, 1, 1, 1, 1], 0, 0).data(4)],
    ['a name of 64 bytes', one().tensor('a'.repeat(64), [1], 0, 0).data(4)],
    ['arrays of arrays of arrays', nested(50)],
  ])('with %s is unknown', async (_, gguf) => {
    expect(await scan(gguf)).toBe('unknown');
  });

  it.each(['tokenizer.chat_template', 'tokenizer.chat_template.tools', 'x.chat_template'])(
    'whose %s reaches for the insides of Python fails',
    async (key) => {
      const gguf = new GgufBytes({ keys: 1 }).pair(key, "{{ ''.__class__ }}");
      const result = await scanBytes(folder, 'x.gguf', gguf.bytes());
      expect(verdictOf(result)).toBe('fail scan.template.escape');
      expect(result.findings[0]!.part).toEqual([key]);
    },
  );

  it('whose templates are two of one name has both looked at', async () => {
    const [key, bad] = ['tokenizer.chat_template', '{{ x.__class__ }}'];
    for (const templates of [
      ['{{ x }}', bad],
      [bad, '{{ x }}'],
    ]) {
      const gguf = new GgufBytes({ keys: 2 }).pair(key, templates[0]!).pair(key, templates[1]!);
      expect(await scan(gguf)).toBe('fail scan.gguf.duplicate scan.template.escape');
    }
  });

  it('of 5 GB is read as far as its header', async () => {
    const count = 5 * 2 ** 28;
    const head = one().tensor('a', [count], 0, 0).data(0).bytes();
    const path = join(folder, 'big.gguf');
    const descriptor = openSync(path, 'w');
    writeSync(descriptor, head);
    closeSync(descriptor);
    truncateSync(path, head.length + count * 4);
    expect(await scanFile(path, { hash: false })).toMatchObject({ verdict: 'pass', summary: '1 tensor' });
  });

  it('that is damaged is clean only where gguf itself reads it', async (context) => {
    needsPython(context);
    const seed = new GgufBytes({ tensors: 2, keys: 2 }).pair('general.architecture', 'llama').text('k').u32(9).u32(8);
    seed.u64(2).text('a').text('b').tensor('a', [8], 0, 0).tensor('b', [32], 8, 32).data(66);
    const files = fc.sample(damaged(seed.bytes()), { numRuns: 500, seed: 5 });
    const verdicts: string[] = [];
    for (const bytes of files) verdicts.push((await scanBytes(folder, 'damaged.gguf', bytes)).verdict);
    const clean = files.filter((_, index) => verdicts[index] === 'pass');
    const refused: unknown = JSON.parse(
      runPython(
        `
import json, sys, tempfile, gguf
refused = []
for text in json.load(sys.stdin):
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes.fromhex(text)); file.flush()
        try: gguf.GGUFReader(file.name)
        except Exception as error: refused.append([text, str(error)])
print(json.dumps(refused))`,
        [],
        JSON.stringify(clean.map((bytes) => Buffer.from(bytes).toString('hex'))),
      ),
    );
    expect(refused).toEqual([]);
    expect(clean.length).toBeGreaterThan(20);
    expect(verdicts.length - clean.length).toBeGreaterThan(100);
  });
});

function nested(depth: number): GgufBytes {
  const gguf = new GgufBytes({ keys: 1 }).text('key').u32(9);
  for (let level = 0; level < depth; level += 1) gguf.u32(9).u64(1);
  return gguf.u32(0).u64(0).raw(Buffer.alloc(1000));
}
