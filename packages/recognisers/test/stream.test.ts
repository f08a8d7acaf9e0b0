import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recogniser, RecogniserError } from '../src/index.ts';
import { emptyCorpus, labelledCorpus } from './corpus.ts';

const all = new Recogniser();
const documents = labelledCorpus().filter(({ context }) => context === undefined);

/** A long text with a value every hundred units or so. */
function longText(seed: number, count: number): string {
  const empty = emptyCorpus(count);
  return empty.map((text, index) => `${text} ${documents[(seed + index * 17) % documents.length]!.text}\n`).join('');
}

it('finds the same however the text is cut', () => {
  fc.assert(
    fc.property(
      fc.nat(4000),
      fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5000 })), {
        minLength: 1,
        maxLength: 30,
      }),
      (seed, cuts) => {
        const text = longText(seed, 60);
        const stream = all.stream();
        const findings = [];
        let at = 0;
        for (let index = 0; at < text.length; index++) {
          const next = at + cuts[index % cuts.length]! + (index % cuts.length === 0 ? 1 : 0);
          findings.push(...stream.push(text.slice(at, next)));
          at = next;
        }
        findings.push(...stream.end());
        expect(findings).toEqual(all.recognise(text));
      },
    ),
    { numRuns: 40 },
  );
});

it('finds what lies across a border once, wherever the border is', () => {
  const text = `${'x '.repeat(1000)}card 4111 1111 1111 1111 ${'y '.repeat(3000)}`;
  for (let cut = 1990; cut < 2040; cut++) {
    const stream = all.stream();
    const findings = [...stream.push(text.slice(0, cut)), ...stream.push(text.slice(cut)), ...stream.end()];
    expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual(['4111 1111 1111 1111']);
  }
});

it('finds a value at every place of a block, folded or not', () => {
  for (const before of ['z', '\u200b\u200bz', '\uff11 ']) {
    for (let shift = 2000; shift < 2100; shift++) {
      const lead = before.repeat(Math.ceil(shift / before.length)).slice(0, shift - 6);
      const text = `${lead} card: 4111111111111111 ${'y'.repeat(50)}`;
      expect(all.recognise(text).map(({ start, end }) => text.slice(start, end))).toEqual(['4111111111111111']);
    }
  }
});

it.each([
  ['email', 'jane.of.a.long.name@mail.example.com'],
  ['iban', 'DE89 3704 0044 0532 0130 00'],
  ['phone', '+44 20 7946 0958'],
  ['connection-string', 'postgres://app:k3Jw9Qz@db.example.com'],
  ['private-key', `-----BEGIN PRIVATE KEY-----\n${`${'Ab3x'.repeat(16)}\n`.repeat(30)}-----END PRIVATE KEY-----`],
])('finds %s wherever a block ends in it', (type, value) => {
  const recogniser = new Recogniser({ types: [type] });
  for (let start = 2047 - Math.min(value.length, 60); start < 2050; start++) {
    const text = `${'z '.repeat(start).slice(0, start - 1)} ${value} ${'y '.repeat(50)}`;
    expect(recogniser.recognise(text)).toMatchObject([{ type, start, end: start + value.length }]);
  }
});

it('keeps a pair of surrogates together', () => {
  const text = 'card 𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏.';
  const stream = all.stream();
  const findings = [
    ...Array.from({ length: text.length }, (_, at) => stream.push(text.charAt(at))).flat(),
    ...stream.end(),
  ];
  expect(findings.map(({ start, end }) => text.slice(start, end))).toEqual(['𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏']);
});

it('hands out what is settled before the end', () => {
  const stream = all.stream();
  const first = stream.push(`card 4111111111111111 ${'words and more '.repeat(4000)}`);
  expect(first.map(({ type }) => type)).toEqual(['credit-card']);
  expect(stream.end()).toEqual([]);
});

it('takes nothing after the end', () => {
  const stream = all.stream();
  stream.end();
  expect(() => stream.push('x')).toThrow(RecogniserError);
  expect(() => stream.push('x')).toThrow(expect.objectContaining({ code: 'HF_RECOGNISERS_ENDED' }));
  expect(() => stream.end()).toThrow('text came after the end of a stream');
});
