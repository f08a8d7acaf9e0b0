// The model was trained on made-up names by tools/peers/train-names.py; the texts of held-out.json have sentences, names, streets,
// places and firms that it was not trained on, and say what is where.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSpanFinder } from '@holdfast/data/names/open-span-finder';
import type { Span, SpanFinder } from '@holdfast/data/names/span-finder';
import { wordOfLabel } from '@holdfast/data/names/span-labels';
import { dirHash } from '@holdfast/evidence/digest/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf, readerOf } from '../folder/folder-scene.ts';

const fixtures = join(import.meta.dirname, '..', '..', '..', 'inference', 'test', 'fixtures', 'names');
const heldOut = JSON.parse(readFileSync(join(fixtures, 'held-out.json'), 'utf8')) as {
  readonly texts: readonly (readonly [text: string, spans: readonly (readonly [number, number, string])[]])[];
};
const words: Readonly<Record<string, string>> = {
  PER: 'person',
  ADDRESS: 'address',
  ORG: 'organisation',
  LOC: 'location',
};

describe('a finder of spans', () => {
  let finder: SpanFinder;
  let found: readonly (readonly Span[])[];
  beforeAll(async () => {
    finder = await openSpanFinder(await readerOf(join(fixtures, 'model')));
    found = await finder.find(heldOut.texts.map(([text]) => text));
  });
  afterAll(async () => {
    await finder.close();
  });

  it('names its model by a digest that commits to the names of its files', async () => {
    const { files } = await readerOf(join(fixtures, 'model'));
    expect(finder.model).toEqual({ name: 'model', sha256: dirHash(files) });
  });

  it('gives spans in order, within the text, without white space at their edges', () => {
    for (const [index, spans] of found.entries()) {
      const [text] = heldOut.texts[index]!;
      let behind = 0;
      for (const { start, end, score } of spans) {
        expect(start).toBeGreaterThanOrEqual(behind);
        expect(text.slice(start, end)).toMatch(/^\S(?:[^]*\S)?$/);
        expect(score).toBeGreaterThanOrEqual(0.5);
        behind = end;
      }
    }
  });

  it.each(Object.entries(floors()))('finds what it was not trained on: %s', (word, { recall, precision }) => {
    const key = (row: number, start: number, end: number) => `${row} ${start} ${end}`;
    const made = new Set<string>();
    const true_ = new Set<string>();
    for (const [row, spans] of found.entries()) {
      for (const { label, start, end } of spans) if (label === word) made.add(key(row, start, end));
      for (const [start, end, label] of heldOut.texts[row]![1])
        if (words[label] === word) true_.add(key(row, start, end));
    }
    const hits = [...made].filter((each) => true_.has(each)).length;
    expect(hits / true_.size).toBeGreaterThanOrEqual(recall);
    expect(hits / made.size).toBeGreaterThanOrEqual(precision);
  });
});

/** Of whole spans, a little below what transformers makes of the same texts with the same model (see ADR 21). */
function floors(): Record<string, { recall: number; precision: number }> {
  return {
    person: { recall: 0.3, precision: 0.45 },
    address: { recall: 0.55, precision: 0.42 },
  };
}

describe('a folder', () => {
  it('that is no model is refused with a code', async () => {
    const path = folderOf({ 'model.onnx': 'no model', 'tokenizer.json': '{}', 'config.json': '{}' });
    await expect(openSpanFinder(await readerOf(path))).rejects.toMatchObject({ code: 'HF_INFERENCE_CLASSIFIER' });
  });
});

describe('labels', () => {
  it.each([
    ['PER', 'person'],
    ['first_name', 'person'],
    ['GIVENNAME', 'person'],
    ['LOC', 'location'],
    ['GPE', 'location'],
    ['Street-Address', 'address'],
    ['ZIPCODE', 'address'],
    ['ORG', 'organisation'],
    ['company', 'organisation'],
    ['MISC', 'misc'],
    ['toString', 'tostring'],
  ])('of models become the four words: %s', (label, word) => {
    expect(wordOfLabel(label)).toBe(word);
  });
});
