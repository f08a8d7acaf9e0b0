// What is expected of the trained model was recorded from transformers (versions in peer.json) by tools/peers/train-names.py;
// of the small one, which looks labels up by token, it is plain.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTokenClassifier, type TokenClassifier } from '@holdfast/inference';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesInCharacters } from './characters.ts';
import { folderOf, lookupModel, small, smallFolder } from './classifier-models.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'names');
const model = join(fixtures, 'model');
const files = {
  names: readdirSync(model),
  read: async (name: string) => Promise.resolve(readFileSync(join(model, name))),
};

type PeerSpan = readonly [label: string, start: number, end: number, score: number];
interface Recorded {
  readonly text: string;
  readonly ids: readonly number[];
  readonly offsets: readonly number[];
  readonly simple: readonly PeerSpan[];
  readonly first: readonly PeerSpan[];
}
const peer = (JSON.parse(readFileSync(join(fixtures, 'peer.json'), 'utf8')) as { texts: Recorded[] }).texts;
/** The peer cuts what is longer than its 128 positions. */
const whole = peer.filter(({ ids }) => ids.length < 128);

describe('a model of BERT that was trained by transformers', () => {
  const opened = new Map<string, TokenClassifier>();
  beforeAll(async () => {
    for (const aggregation of ['simple', 'first'] as const) {
      opened.set(aggregation, await openTokenClassifier(files, { aggregation }));
    }
  });
  afterAll(async () => {
    for (const classifier of opened.values()) await classifier.release();
  });

  it('has 200 texts to be tried on, nearly all of which the peer looks at whole', () => {
    expect([peer.length, whole.length > 190]).toEqual([200, true]);
  });

  it('cuts texts as the peer does', () => {
    const classifier = opened.get('simple')!;
    for (const { text, ids, offsets } of whole) {
      const tokens = classifier.tokens(text);
      expect(tokens.map(({ id }) => id)).toEqual(ids.slice(1, -1));
      expect(placesInCharacters(text, tokens)).toEqual(offsets.slice(2, -2));
    }
  });

  it.each(['simple', 'first'] as const)('finds the spans of the peer, with its scores: %s', async (aggregation) => {
    // The peer tells words by the lengths of their tokens, and is wrong about it where characters are dropped from within.
    const told = whole.filter(({ text }) => aggregation === 'simple' || !/[\p{Cf}\p{Mn}]/u.test(text));
    expect(told.length).toBeGreaterThan(whole.length - 5);
    const found = await opened.get(aggregation)!.find(told.map(({ text }) => text));
    for (const [index, spans] of found.entries()) {
      const { text, ...recorded } = told[index]!;
      const places = placesInCharacters(text, spans);
      const made = spans.map(({ label }, each) => [label, places[2 * each], places[2 * each + 1]]);
      expect(made).toEqual(recorded[aggregation].map(([label, start, end]) => [label, start, end]));
      for (const [each, { score }] of spans.entries()) expect(score).toBeCloseTo(recorded[aggregation][each]![3], 3);
    }
  });

  it('finds the same however many windows go in at once', async () => {
    const texts = whole.slice(0, 60).map(({ text }) => text);
    const alone = await openTokenClassifier(files, { batch: 1 });
    const together = await openTokenClassifier(files, { batch: 60 });
    const places = (found: Awaited<ReturnType<TokenClassifier['find']>>) =>
      found.map((spans) => spans.map(({ label, start, end }) => [label, start, end]));
    expect(places(await together.find(texts))).toEqual(places(await alone.find(texts)));
    await alone.release();
    await together.release();
  });

  it('says what it tells apart', () => {
    expect(opened.get('simple')!.kinds).toEqual(['PER', 'ADDRESS', 'ORG', 'LOC']);
  });
});

describe('a classifier', () => {
  it('looks at all of a text that is longer than its model takes', async () => {
    const classifier = await openTokenClassifier(smallFolder());
    // Eight positions, six of them for the text: 500 words go in 124 windows.
    const words = Array.from({ length: 500 }, (_, index) => (index % 7 === 3 ? 'Anna' : 'and'));
    const [spans] = await classifier.find([words.join(' ')]);
    const expected: [number, number][] = [];
    let at = 0;
    for (const word of words) {
      // `anna` is `ann` and `##a`, which is no person by itself.
      if (word === 'Anna') expected.push([at, at + 3]);
      at += word.length + 1;
    }
    expect(spans!.map(({ start, end }) => [start, end])).toEqual(expected);
    await classifier.release();
  });

  it('takes words whole where that is asked for, and leaves out what is not likely enough', async () => {
    const words = await openTokenClassifier(smallFolder(), { aggregation: 'first' });
    expect(await words.find(['Anna, ben', ''])).toEqual([
      // 1 / (1 + exp(-4))
      [
        { label: 'PER', start: 0, end: 4, score: expect.closeTo(0.98201379, 6) as number },
        { label: 'PER', start: 6, end: 9, score: expect.closeTo(0.98201379, 6) as number },
      ],
      [],
    ]);
    const sure = await openTokenClassifier(smallFolder(), { threshold: 0.99 });
    expect(await sure.find(['Anna, ben'])).toEqual([[]]);
    await words.release();
    await sure.release();
  });

  it('reads `onnx/model.onnx` too, and a model that takes no mask', async () => {
    const folder = folderOf({
      'onnx/model.onnx': lookupModel({ inputs: ['input_ids'] }),
      'tokenizer.json': small.tokenizer,
      'config.json': small.config,
    });
    const classifier = await openTokenClassifier(folder);
    expect((await classifier.find(['ben', 'ann and ben'])).map((spans) => spans.length)).toEqual([1, 2]);
    await classifier.release();
  });

  it('takes lone surrogates for no characters, and keeps places', async () => {
    const classifier = await openTokenClassifier(smallFolder());
    const [spans] = await classifier.find(['\ud800\u{1f600} ben \udc00']);
    expect(spans!.map(({ start, end }) => [start, end])).toEqual([[4, 7]]);
    await classifier.release();
  });
});
