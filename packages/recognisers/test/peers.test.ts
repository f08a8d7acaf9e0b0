import { expect, it } from 'vitest';
import { Recogniser } from '../src/index.ts';
import { recorded } from './recorded.ts';

/** Whether the whole text is found to be one, whatever the confidence. */
function isFound(recogniser: Recogniser, text: string): boolean {
  return recogniser.recognise(text).some(({ start, end }) => start === 0 && end === text.length);
}

const numbers = Object.entries(recorded.numbers);

/** Where the peer says no, and the standard does not: each with its reason. */
const stricterPeer: Readonly<Record<string, string>> = {
  'dk-cpr': 'the peer refuses days in the future, and asks the clock for it',
  'us-itin': 'since 2011 groups from 50 to 65 are given out, too (IRS publication 4757)',
};

it.each(numbers)('%s: as the peer says', (type, { valid, invalid }) => {
  const recogniser = new Recogniser({ types: [type], minConfidence: 0 });
  expect(valid.length).toBeGreaterThanOrEqual(15);
  expect(valid.filter((text) => !isFound(recogniser, text))).toEqual([]);
  if (stricterPeer[type] === undefined) {
    expect(invalid.filter((text) => isFound(recogniser, text))).toEqual([]);
  }
});

it.each(Object.entries(recorded.made))('%s: what Faker makes is found', (type, texts) => {
  const recogniser = new Recogniser({ types: [type], minConfidence: 0 });
  expect(texts.length).toBeGreaterThanOrEqual(15);
  expect(texts.filter((text) => !isFound(recogniser, text))).toEqual([]);
});
