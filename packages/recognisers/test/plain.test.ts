import { expect, it } from 'vitest';
import { fold } from '../src/fold.ts';
import { Recogniser } from '../src/index.ts';
import { emptyCorpus, labelledCorpus } from './corpus.ts';
import { plainFindings } from './plain-recogniser.ts';
import { randomSigns } from './random-signs.ts';
import { worstTexts } from './slope/worst-texts.ts';

function foundBy(recogniser: Recogniser, text: string): ReturnType<typeof plainFindings> {
  return recogniser.recognise(text).map(({ type, start, end, confidence }) => ({ type, start, end, confidence }));
}

const documents = labelledCorpus().filter(({ context }) => context === undefined);
const nobodys = emptyCorpus(200);

/** Values as they are, and with a sign lost, doubled, or put in, a word cut, a line or a sentence begun. */
function changed(text: string, random: ReturnType<typeof randomSigns>): string {
  const at = random.below(text.length);
  const instead = random.pick([
    '',
    text.charAt(at) + text.charAt(at),
    '\n',
    '. Then ',
    ' ',
    '-',
    '.',
    '@',
    ':',
    'a',
    '7',
    '://',
    'é',
    '号',
    '+',
    '(',
  ]);
  return text.slice(0, at) + instead + text.slice(at + random.below(2));
}

it.each([0, 0.5])('finds what every form tried at every place finds, with a confidence of %d', (minConfidence) => {
  const recogniser = new Recogniser({ minConfidence });
  const random = randomSigns(`plain ${minConfidence}`);
  let found = 0;
  for (let index = 0; index < 220; index++) {
    const parts = [random.pick(documents).text, random.pick(nobodys), random.pick(documents).text];
    let text = parts.join(random.pick(['\n', ' ', ', ']));
    for (let time = random.below(6); time > 0; time--) text = changed(text, random);
    text = fold(text);
    const plain = plainFindings(text, minConfidence);
    found += plain.length;
    expect(foundBy(recogniser, text), text).toEqual(plain);
  }
  expect(found).toBeGreaterThan(300);
});

// What has to be folded is another text to the plain one.
const plain = Object.entries(worstTexts).filter(([, part]) => !/[^\0-\u017e]/.test(part));

it.each(plain)('finds the same in: %s', (_, part) => {
  const text = part.repeat(Math.ceil(300 / part.length));
  expect(foundBy(new Recogniser({ minConfidence: 0 }), text)).toEqual(plainFindings(text, 0));
});
