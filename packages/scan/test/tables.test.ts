import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../src/bytes/source.ts';
import { formats } from '../src/formats/index.ts';
import { scanFile } from '../src/index.ts';
import { formatsOf } from '../src/recognise.ts';
import { damaged } from './damage.ts';
import { needsPython, runPython, scanBytes, temporaryFolder, verdictOf } from './files-scene.ts';

const folder = temporaryFolder();

describe('tokenizers and trees as their libraries write them', () => {
  it('SentencePiece 0.2.3', async (context) => {
    needsPython(context);
    writeFileSync(
      join(folder, 'corpus.txt'),
      Array.from({ length: 300 }, (_, i) => `the quick brown fox ${i} jumps ß\n`).join(''),
    );
    runPython(
      `
import sys, sentencepiece
for kind in ["unigram", "bpe", "char"]:
    sentencepiece.SentencePieceTrainer.train(input=f"{sys.argv[1]}/corpus.txt", model_prefix=f"{sys.argv[1]}/{kind}", vocab_size=60, model_type=kind, hard_vocab_limit=False, minloglevel=2)
`,
      [folder],
    );
    for (const kind of ['unigram', 'bpe', 'char']) {
      const result = await scanFile(join(folder, `${kind}.model`));
      // A line of the vocabulary for each piece: the library wrote it beside.
      const lines = readFileSync(join(folder, `${kind}.vocab`), 'utf8')
        .trimEnd()
        .split('\n').length;
      expect([result.verdict, result.summary, result.left]).toEqual(['pass', `tokenizer of ${lines} pieces`, []]);
    }
  });

  it('XGBoost 3.2.0 as UBJSON and as JSON, LightGBM 4.7.0 as text', async (context) => {
    needsPython(context, 'scan');
    runPython(
      `
import sys, numpy as np, xgboost, lightgbm
folder = sys.argv[1]
r = np.random.default_rng(0); x = r.normal(size=(60, 4)); y = (x[:, 0] > 0).astype(int)
for name, model in [("trees", xgboost.XGBClassifier(n_estimators=3)), ("linear", xgboost.XGBRegressor(booster="gblinear", n_estimators=2)), ("dart", xgboost.XGBRegressor(booster="dart", n_estimators=2))]:
    model.fit(x, y); model.save_model(f"{folder}/{name}.ubj"); model.save_model(f"{folder}/{name}.json")
import pandas
frame = pandas.DataFrame({"a": x[:, 0], "b": pandas.Categorical(["u", "v"] * 30)})
for name, data in [("numbers", x), ("categories", frame)]:
    lightgbm.LGBMClassifier(n_estimators=3, min_child_samples=5, verbose=-1).fit(data, y).booster_.save_model(f"{folder}/{name}.txt")
`,
      [folder],
      '',
      'scan',
    );
    const lines: string[] = [];
    for (const name of [
      'trees.ubj',
      'trees.json',
      'linear.ubj',
      'dart.ubj',
      'dart.json',
      'numbers.txt',
      'categories.txt',
    ]) {
      const { verdict, summary, left } = await scanFile(join(folder, name));
      lines.push([name, verdict, summary, ...left.map(({ reason }) => reason)].join(' '));
    }
    expect(lines).toEqual([
      ...['trees.ubj pass XGBoost model', 'trees.json pass XGBoost model', 'linear.ubj pass XGBoost model'],
      ...['dart.ubj pass XGBoost model', 'dart.json pass XGBoost model'],
      ...['numbers.txt pass LightGBM model, 3 trees', 'categories.txt pass LightGBM model, 3 trees'],
    ]);
  });
});

/** `ModelProto` with one piece `<unk>`, and what a test puts behind it; written by hand from the definition. */
const piece = '0a0e0a053c756e6b3e15000000001802';
const protobuf = (more: string): Buffer => Buffer.from(piece + more, 'hex');
const long = (length: number): string => length.toString(16).padStart(16, '0');
const ubj = (hex: string): Buffer =>
  Buffer.from(`7b4c${long(7)}${Buffer.from('learner').toString('hex')}${hex}`, 'hex');

describe('tables that are not what they should be are unknown', () => {
  it('as they should be, they pass', async () => {
    expect(verdictOf(await scanBytes(folder, 't.spm', protobuf('')))).toBe('pass');
    expect(verdictOf(await scanBytes(folder, 't.spm', protobuf(`12060a04787878781a06120400000000`)))).toBe('pass');
    expect(verdictOf(await scanBytes(folder, 't.ubj', ubj('7b7d7d')))).toBe('pass');
    expect(verdictOf(await scanBytes(folder, 't.ubj', ubj(`5b2464234c${long(2)}00000000000000007d`)))).toBe('pass');
    expect(verdictOf(await scanBytes(folder, 't.ubj', ubj(`5b234c${long(2)}54535501617d`)))).toBe('pass');
  });

  it.each([
    ['an unknown field', '3a0161'],
    ['an extension', 'c20c0161'],
    ['a field that is cut short', '12ff0161'],
    ['a number that does not end', 'ffffffffffffffffffffff'],
    ['a group', '0b0c'],
    ['a text that is not UTF-8', '12030a01ff'],
    ['a table longer than itself', '1a061204ffffff7f'],
    ['a piece of another form', '0a020801'],
  ])('a tokenizer with %s', async (_, more) => {
    expect(verdictOf(await scanBytes(folder, 't.spm', protobuf(more)))).toBe('unknown');
  });

  it.each([
    ['something behind its end', '7b7d7d7d'],
    ['no end', '7b7d'],
    ['a key twice', `5a4c${long(7)}${Buffer.from('learner').toString('hex')}5a7d`],
    ['an array longer than the file', `5b2464234c${'7f'.repeat(8)}7d`],
    ['a text longer than the file', `534c${long(2 ** 40)}7d`],
    ['a negative length', `534c${'ff'.repeat(8)}7d`],
    ['a mark that is unknown', '487d'],
    ['a type that is no number', `5b2453234c${long(1)}7d`],
    ['too many levels', '5b'.repeat(10_000)],
  ])('a model with %s', async (_, hex) => {
    expect(verdictOf(await scanBytes(folder, 't.ubj', ubj(hex)))).toBe('unknown');
  });

  it.each([
    ['a line of another kind', 'tree\nversion=v4\nnum_class=1\nimport os\nend of trees\n'],
    ['no end', 'tree\nversion=v4\nnum_class=1\n'],
  ])('a LightGBM model with %s', async (_, text) => {
    expect(verdictOf(await scanBytes(folder, 'model.txt', text))).toBe('unknown');
  });
});

describe('every file that is damaged', () => {
  const seeds = [
    protobuf('12060a0478787878'),
    ubj(`5b234c${long(2)}54535501617d`),
    Buffer.from('{"auto_map": {"A": "b.C"}, "chat_template": "{{ x|trim }}", "weight_map": {"a": "b.bin"}}'),
    Buffer.from('{%- for m in messages -%}{{ m["content"] ~ "a" }}{% endfor %}'),
    Buffer.from('a: &x [1, *x]\nb: !!str "c"\n'),
    Buffer.from('tree\nversion=v4\nTree=0\nleaf_value=1 2\nend of trees\n'),
  ];
  it('is scanned to a verdict', async () => {
    const any = fc.oneof(...seeds.map((seed) => damaged(seed)), fc.uint8Array({ maxLength: 100 }));
    await fc.assert(
      fc.asyncProperty(
        any,
        fc.constantFrom('x.json', 'x.yaml', 'x.jinja', 'x.txt', 'x.bin', 'x.ubj'),
        async (bytes, name) => {
          const { verdict, findings, left } = await scanBytes(folder, name, bytes);
          // What is unknown says why.
          expect(verdict === 'unknown' && findings.length + left.length === 0).toBe(false);
        },
      ),
      { numRuns: 800, seed: 6 },
    );
  });

  it('is of one certain format at most, and no header of safetensors is taken for something else', () => {
    const others = formats.filter(({ name }) => name !== 'text' && name !== 'json');
    const bytes = Buffer.alloc(2 ** 17);
    bytes[8] = 0x7b;
    const taken = new Set<string>();
    for (let length = 2; length < 2 ** 16 + 2; length += 1) {
      bytes.writeUInt32LE(length);
      for (const { name } of formatsOf(new MemorySource(bytes.subarray(0, 8 + length)), others)) taken.add(name);
    }
    expect([...taken]).toEqual(['safetensors']);
  });

  it('is not read far to tell what it is', () => {
    const bytes = new Uint8Array(2 ** 22).fill(0x61);
    let asked = 0;
    const inner = new MemorySource(bytes);
    formatsOf({ size: inner.size, read: (at, length) => ((asked += length), inner.read(at, length)) });
    // a window of the pickle machine, and what the others take
    expect(asked).toBeLessThan(2 ** 21);
  });
});
