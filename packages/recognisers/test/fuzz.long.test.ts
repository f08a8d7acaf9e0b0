import { expect, it } from 'vitest';
import { fold } from '../src/fold.ts';
import { type Finding, Recogniser } from '../src/index.ts';
import { labelledCorpus } from './corpus.ts';
import { plainFindings } from './plain-recogniser.ts';
import { type RandomSigns, randomSigns } from './random-signs.ts';
import { worstTexts } from './slope/worst-texts.ts';

const random = randomSigns('mutated bytes');
const seeds = [...labelledCorpus().map(({ text }) => text), ...Object.values(worstTexts).map((part) => part.repeat(8))];

/** Bytes lost, doubled, moved and overwritten; read as UTF-8, which makes replacement signs, or as UTF-16, which halves pairs. */
function mutated(text: string, signs: RandomSigns): string {
  const encoding = signs.pick(['utf8', 'utf16le', 'latin1'] as const);
  let bytes = Buffer.from(text, encoding);
  for (let time = 1 + signs.below(8); time > 0; time--) {
    const at = signs.below(bytes.length);
    const part = bytes.subarray(at, at + signs.below(24));
    const to = signs.below(bytes.length);
    if (signs.below(2) === 0) bytes[at] = signs.below(256);
    else bytes = Buffer.concat([bytes.subarray(0, to), part, bytes.subarray(signs.below(3) === 0 ? to + 3 : to)]);
  }
  return bytes.toString(encoding);
}

function inPieces(recogniser: Recogniser, text: string): Finding[] {
  const stream = recogniser.stream();
  const cut = random.below(text.length + 1);
  return [...stream.push(text.slice(0, cut)), ...stream.push(text.slice(cut)), ...stream.end()];
}

it('whatever the bytes: no crash, the same in pieces, and what the plain one finds', { timeout: 600_000 }, () => {
  const recogniser = new Recogniser({ minConfidence: 0 });
  for (let index = 0; index < 4000; index++) {
    const text = mutated(random.pick(seeds), random);
    const findings = recogniser.recognise(text);
    expect(inPieces(recogniser, text)).toEqual(findings);
    for (const { start, end } of findings) expect(start >= 0 && end > start && end <= text.length).toBe(true);
    if (index % 10 > 0) continue;
    const folded = fold(text);
    const plain = plainFindings(folded, 0);
    const fast = recogniser.recognise(folded);
    expect(
      fast.map(({ type, start, end, confidence }) => ({ type, start, end, confidence })),
      folded,
    ).toEqual(plain);
  }
});
