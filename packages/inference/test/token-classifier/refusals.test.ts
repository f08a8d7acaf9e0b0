// Folders that are no token classifier: each is refused with a code, and says where.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceError, openTokenClassifier } from '@holdfast/inference';
import { readClassifierConfig } from '@holdfast/inference/token-classifier/classifier-config';
import { readTokenizer } from '@holdfast/inference/token-classifier/read-tokenizer';
import { describe, expect, it } from 'vitest';
import { mutate } from '../../../../tools/fuzz-mutation.ts';
import { folderOf, lookupModel, small, smallFolder } from './classifier-models.ts';

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const { tokenizer, config } = small;
const withModel = (more: object) => ({ ...tokenizer, model: { ...tokenizer.model, ...more } });

describe('a tokenizer.json', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', Buffer.from('{"model": '), 'is no JSON'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'is no JSON in UTF-8'],
    ['a list', [], 'is no object'],
    ['no model', { ...tokenizer, model: undefined }, 'is no object'],
    ['another model', withModel({ type: 'WordLevel' }), '`WordLevel`'],
    ['no vocabulary', withModel({ vocab: {} }), 'is empty'],
    ['an id that is none', withModel({ vocab: { a: -1 } }), 'is no whole number'],
    ['an id that is too large', withModel({ vocab: { a: 1e9 } }), 'is no whole number'],
    ['an id that is a fraction', withModel({ vocab: { a: 0.5 } }), 'is no whole number'],
    ['a piece that is too long', withModel({ vocab: { ['a'.repeat(600)]: 1 } }), 'more than 512'],
    ['no unknown token', withModel({ unk_token: '<none>' }), 'is not in the vocabulary'],
    ['a longest word without bound', withModel({ max_input_chars_per_word: 1e6 }), 'from 0 to 1000'],
    ['another normaliser', { ...tokenizer, normalizer: { type: 'Magic' } }, '`Magic`'],
    [
      'a pattern of its own',
      { ...tokenizer, normalizer: { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' } },
      'is not run',
    ],
    [
      'rules that are none',
      { ...tokenizer, normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } },
      'no trie',
    ],
    ['words by a pattern', { ...tokenizer, pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' } } }, '`Split`'],
    [
      'no text in its template',
      { ...tokenizer, post_processor: { type: 'TemplateProcessing', single: [] } },
      'the text once',
    ],
    [
      'special tokens that are not there',
      { ...tokenizer, post_processor: { type: 'BertProcessing', sep: [], cls: [] } },
      'no token',
    ],
    ['added tokens without end', { ...tokenizer, added_tokens: new Array(20_001).fill({}) }, 'more than 20000'],
    ['pairs that are none', { ...tokenizer, model: { type: 'BPE', vocab: { a: 0 }, merges: ['a b c'] } }, 'is no pair'],
    ['a dropout', { ...tokenizer, model: { type: 'BPE', dropout: 0.1, vocab: { a: 0 }, merges: [] } }, 'is not 0'],
    [
      'a suffix',
      { ...tokenizer, model: { type: 'BPE', end_of_word_suffix: '</w>', vocab: { a: 0 }, merges: [] } },
      'not understood',
    ],
    [
      'bytes to fall back on',
      { ...tokenizer, model: { type: 'Unigram', byte_fallback: true, vocab: [], unk_id: 0 } },
      'not understood',
    ],
    [
      'an unknown piece that is not there',
      { ...tokenizer, model: { type: 'Unigram', vocab: [['a', -1]], unk_id: 1 } },
      'from 0 to 0',
    ],
    [
      'a score that is none',
      { ...tokenizer, model: { type: 'Unigram', vocab: [['a', 'b']], unk_id: 0 } },
      'is no number',
    ],
    ['nothing in Unigram', { ...tokenizer, model: { type: 'Unigram', vocab: [], unk_id: 0 } }, 'is no whole number'],
  ])('is refused: %s', (_, given, message) => {
    const bytes = given instanceof Uint8Array ? given : json(given);
    expect(() => readTokenizer(bytes)).toThrow(
      expect.objectContaining({
        code: 'HF_INFERENCE_TOKENIZER',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});

describe('a config.json', () => {
  it.each<[string, unknown, string]>([
    ['no labels', { ...config, id2label: undefined }, 'is no object'],
    ['a hole in the labels', { ...config, id2label: { 0: 'O', 2: 'PER' } }, 'has no label `1`'],
    ['an id that is none', { ...config, id2label: { 0: 'O', '01': 'PER' } }, 'is no label id'],
    ['labels without O', { ...config, id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } }, 'has no label `O`'],
    ['O alone', { ...config, id2label: { 0: 'O' } }, 'has no label but `O`'],
    [
      'too many labels',
      { ...config, id2label: Object.fromEntries(Array.from({ length: 1001 }, (_, id) => [id, `L${id}`])) },
      'more than 1000',
    ],
    ['no positions', { ...config, max_position_embeddings: undefined }, 'does not say'],
    ['too few positions', { ...config, max_position_embeddings: 4 }, 'leaves 4 positions'],
    ['a padding token that is none', { ...config, pad_token_id: -1 }, 'is no whole number'],
  ])('is refused: %s', (_, given, message) => {
    expect(() => readClassifierConfig(json(given))).toThrow(
      expect.objectContaining({
        code: 'HF_INFERENCE_CLASSIFIER',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });

  it('says how long a text may be: RoBERTa counts from behind its padding token, 512 are the most', () => {
    const positions = (given: object, more?: object) =>
      readClassifierConfig(json({ ...config, ...given }), more === undefined ? undefined : json(more)).positions;
    expect(positions({ model_type: 'xlm-roberta', max_position_embeddings: 514, pad_token_id: 1 })).toBe(512);
    expect(positions({ max_position_embeddings: 8192 })).toBe(512);
    expect(positions({ max_position_embeddings: 512 }, { model_max_length: 128 })).toBe(128);
    expect(positions({ max_position_embeddings: 512 }, { model_max_length: 1e30 })).toBe(512);
  });
});

describe('a folder', () => {
  it.each<[string, ReturnType<typeof smallFolder>, string]>([
    ['nothing in it', folderOf({}), 'the folder has no `model.onnx`'],
    ['no tokenizer', folderOf({ 'model.onnx': lookupModel(), 'config.json': config }), 'has no `tokenizer.json`'],
    ['two models', smallFolder({ 'onnx/model.onnx': lookupModel() }), 'both'],
    [
      'an input that is not known',
      smallFolder({ 'model.onnx': lookupModel({ inputs: ['input_ids', 'bbox'] }) }),
      '`bbox`',
    ],
    ['no tokens', smallFolder({ 'model.onnx': lookupModel({ dims: ['n'] }) }), 'is no INT64 [batch, sequence]'],
    ['a fixed length', smallFolder({ 'model.onnx': lookupModel({ dims: ['n', 16] }) }), 'takes exactly [n, 16]'],
    [
      'another output',
      smallFolder({ 'model.onnx': lookupModel({ output: 'last_hidden_state' }) }),
      'gives no `logits`',
    ],
    [
      'other labels',
      smallFolder({ 'model.onnx': lookupModel({ logits: [[1, 2, 3]] }) }),
      '3 labels, `config.json` has 2',
    ],
  ])('is refused: %s', async (_, folder, message) => {
    await expect(openTokenClassifier(folder)).rejects.toMatchObject({
      code: 'HF_INFERENCE_CLASSIFIER',
      message: expect.stringContaining(message) as string,
    });
  });

  it('is refused where its model is none', async () => {
    await expect(openTokenClassifier(smallFolder({ 'model.onnx': Buffer.from('no model') }))).rejects.toMatchObject({
      code: 'HF_INFERENCE_MODEL',
    });
  });

  it('is refused where special tokens leave no room', async () => {
    const single = [...Array.from({ length: 6 }, () => ({ SpecialToken: { id: 's' } })), { Sequence: { id: 'A' } }];
    const post_processor = { type: 'TemplateProcessing', single, special_tokens: { s: { ids: [2] } } };
    await expect(
      openTokenClassifier(smallFolder({ 'tokenizer.json': { ...tokenizer, post_processor } })),
    ).rejects.toMatchObject({ code: 'HF_INFERENCE_TOKENIZER', message: 'special tokens leave no room for a text' });
  });

  it('is refused on use where its model gives what is no number, or knows fewer tokens', async () => {
    const logits = Array.from({ length: 8 }, () => [0, Number.NaN]);
    const odd = await openTokenClassifier(smallFolder({ 'model.onnx': lookupModel({ logits }) }));
    await expect(odd.find(['ann'])).rejects.toMatchObject({ code: 'HF_INFERENCE_CLASSIFIER' });
    await odd.release();
    const short = await openTokenClassifier(smallFolder({ 'model.onnx': lookupModel({ logits: [[1, 0]] }) }));
    await expect(short.find(['ann'])).rejects.toMatchObject({ code: 'HF_INFERENCE_RUN' });
    await short.release();
  });
});

describe('what is asked', () => {
  it.each([{ batch: 0 }, { batch: 257 }, { batch: 1.5 }, { threshold: -1 }, { threshold: Number.NaN }, { seconds: 0 }])(
    'is refused: %o',
    async (options) => {
      await expect(openTokenClassifier(smallFolder(), options)).rejects.toMatchObject({ code: 'HF_INFERENCE_OPTIONS' });
    },
  );

  it('is refused where it is too much, or takes too long', async () => {
    const classifier = await openTokenClassifier(smallFolder(), { seconds: 1e-9 });
    const half = 'a'.repeat(2 ** 19);
    for (const texts of [
      new Array<string>(100_001).fill(''),
      ['a'.repeat(2 ** 20 + 1)],
      new Array<string>(33).fill(half),
    ]) {
      await expect(classifier.find(texts)).rejects.toMatchObject({ code: 'HF_INFERENCE_TEXTS' });
    }
    await expect(classifier.find(['ann'])).rejects.toMatchObject({ code: 'HF_INFERENCE_DEADLINE' });
    await classifier.release();
  });
});

describe('mutated files', () => {
  const fixtures = join(import.meta.dirname, '..', 'fixtures', 'tokenizers');
  const seeds = ['word-piece-uncased', 'byte-level-prefixed', 'unigram-spaced'].map((kind) =>
    readFileSync(join(fixtures, `${kind}.json`)),
  );
  seeds.push(Buffer.from(json(tokenizer)));
  const rounds = process.env['HOLDFAST_LONG'] === '1' ? 5000 : 300;

  it('are read or refused with a code, and what is read cuts all of a text', () => {
    const text = 'Ann and Bén, 日本 \u{1f600} <s> [CLS]   it’s “x”';
    for (let seed = 1; seed <= rounds; seed += 1) {
      try {
        for (const { start, end } of readTokenizer(mutate(seeds, seed)).tokens(text)) {
          expect(start <= end && end <= text.length).toBe(true);
        }
      } catch (error) {
        if (!(error instanceof InferenceError)) throw new Error(`seed ${seed}`, { cause: error });
        expect(error.code).toBe('HF_INFERENCE_TOKENIZER');
      }
    }
  });

  it('of rules of SentencePiece are read or refused, and end', () => {
    const file = JSON.parse(readFileSync(join(fixtures, 'unigram.json'), 'utf8')) as {
      normalizer: { normalizers: { precompiled_charsmap?: string }[] };
    };
    const rules = Buffer.from(file.normalizer.normalizers[0]!.precompiled_charsmap!, 'base64');
    for (let seed = 1; seed <= rounds / 10; seed += 1) {
      const precompiled_charsmap = mutate([rules], seed).toString('base64');
      try {
        const given = { ...tokenizer, normalizer: { type: 'Precompiled', precompiled_charsmap } };
        readTokenizer(json(given)).tokens('ﬁ ① ａ e\u0301 \u{1f600}');
      } catch (error) {
        expect(error).toMatchObject({ code: 'HF_INFERENCE_TOKENIZER' });
      }
    }
  });
});
