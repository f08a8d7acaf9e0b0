// What is expected was recorded from Hugging Face's `tokenizers` (version in peer.json) by tools/peers/record-tokenizers.py.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asGiven } from '@holdfast/inference/token-classifier/aligned-text';
import { bertNormalized } from '@holdfast/inference/token-classifier/bert-normalizer';
import { readTokenizer } from '@holdfast/inference/token-classifier/read-tokenizer';
import { bertWords } from '@holdfast/inference/token-classifier/words';
import { describe, expect, it } from 'vitest';
import { placesInCharacters } from './characters.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'tokenizers');

interface Recorded {
  readonly texts: readonly string[];
  readonly kinds: Readonly<Record<string, readonly { readonly ids: number[]; readonly offsets: number[] }[]>>;
  /** Of `Hello Maria`, with the special tokens. */
  readonly whole: Readonly<Record<string, readonly number[]>>;
}
const peer = JSON.parse(readFileSync(join(folder, 'peer.json'), 'utf8')) as Recorded;
const tokenizerOf = (kind: string) => readTokenizer(readFileSync(join(folder, `${kind}.json`)));

/**
 * Behind a token that was added, the peer counts the space that it put before `Maria` as one of the text: for it, the name begins
 * with the `a`. Here it begins with the `M`, at the fourth character.
 */
const quirk = 'byte-level-prefixed <s>Maria</s> [CLS] Maria [SEP] <mask> and [MASK], <mask>';
const kindOfQuirk = 'byte-level-prefixed';
const textOfQuirk = quirk.slice(kindOfQuirk.length + 1);
const recordedQuirk = peer.kinds[kindOfQuirk]?.[peer.texts.indexOf(textOfQuirk)]?.offsets ?? [];
const corrected: Readonly<Record<string, readonly number[]>> = { [quirk]: recordedQuirk.with(2, 3) };

describe.each(Object.keys(peer.kinds))('the tokenizer %s', (kind) => {
  const tokenizer = tokenizerOf(kind);

  it.each(peer.texts.map((text, index) => [text.slice(0, 40), index] as const))(
    'cuts as the peer does: %o',
    (_, index) => {
      const text = peer.texts[index]!;
      const tokens = tokenizer.tokens(text);
      const { ids, offsets } = peer.kinds[kind]![index]!;
      expect(tokens.map(({ id }) => id)).toEqual(ids);
      expect(placesInCharacters(text, tokens)).toEqual(corrected[`${kind} ${text}`] ?? offsets);
    },
  );

  it('has the special tokens around a text', () => {
    const ids = tokenizer.tokens('Hello Maria').map(({ id }) => id);
    expect([...tokenizer.before, ...ids, ...tokenizer.behind]).toEqual(peer.whole[kind]);
  });
});

interface Changes {
  readonly dropped: string;
  readonly space: string;
  readonly apart: string;
  readonly changed: string;
  readonly changedTo: string;
}
const characters = JSON.parse(readFileSync(join(folder, 'bert-characters.json'), 'utf8')) as {
  readonly cased: Changes;
  readonly uncased: Changes;
  readonly dividing: string;
  readonly alone: string;
};

/** `41-43 61` */
function pointsOf(runs: string): Set<number> {
  const points = new Set<number>();
  for (const run of runs.split(' ').filter((each) => each !== '')) {
    const [first = 0, last = first] = run.split('-').map((each) => Number.parseInt(each, 16));
    for (let point = first; point <= last; point += 1) points.add(point);
  }
  return points;
}

function* everyCharacter(): Generator<[number, string]> {
  for (let point = 0; point < 0x110000; point += 1) {
    if (point < 0xd800 || point > 0xdfff) yield [point, String.fromCodePoint(point)];
  }
}

/**
 * The tables of the peer are of Unicode 8 and ours of Node's: marks, format characters and punctuation that are newer, and ten that
 * were sorted anew since.
 */
const newer = { cased: 20, uncased: 529, words: 143 };

describe('every character there is', () => {
  it.each(['cased', 'uncased'] as const)('is normalised as the peer does it: %s', (which) => {
    const { changed, changedTo, ...others } = characters[which];
    const rules = { cleanText: true, handleChineseChars: true, stripAccents: which === 'uncased' };
    const kinds = Object.entries(others).map(([kind, runs]) => [kind, pointsOf(runs)] as const);
    const changes = pointsOf(changed);
    const hash = createHash('sha256');
    const otherwise: number[] = [];
    for (const [point, character] of everyCharacter()) {
      const made = bertNormalized(asGiven(character), { ...rules, lowercase: which === 'uncased' }).text;
      if (changes.has(point)) hash.update(made);
      else {
        const kind = kinds.find(([, points]) => points.has(point))?.[0];
        const expected = { dropped: '', space: ' ', apart: ` ${character} ` }[kind ?? ''] ?? character;
        if (made !== expected) otherwise.push(point);
      }
    }
    expect(hash.digest('hex')).toBe(changedTo);
    expect(otherwise).toHaveLength(newer[which]);
    // Nothing of Latin, Greek, Cyrillic, Hebrew, Arabic letters, Chinese, Japanese or Korean.
    for (const point of otherwise) expect(point).toBeGreaterThanOrEqual(0x7fd);
  });

  it('divides words, is a word or is within one, as the peer has it', () => {
    const [dividing, alone] = [pointsOf(characters.dividing), pointsOf(characters.alone)];
    const otherwise: number[] = [];
    for (const [point, character] of everyCharacter()) {
      const count = bertWords(asGiven(`a${character}b`), true).length;
      if (count !== (alone.has(point) ? 3 : dividing.has(point) ? 2 : 1)) otherwise.push(point);
    }
    expect(otherwise).toHaveLength(newer.words);
    for (const point of otherwise) expect(point).toBeGreaterThanOrEqual(0x61d);
  });
});
