import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recogniser } from '../src/index.ts';
import { found } from './found.ts';
import { recorded } from './recorded.ts';

const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));

describe('what only looks different is the same', () => {
  it.each([
    ['full-width digits', fullWidth('4111111111111111')],
    ['no-break spaces', '4111\u00a01111\u00a01111\u00a01111'],
    ['thin and narrow spaces', '4111\u20091111\u202f1111\u20071111'],
    ['an ideographic space', '4111\u30001111\u30001111\u30001111'],
    ['non-breaking hyphens', '4111\u20111111\u20111111\u20111111'],
    ['a minus sign and a dash', '4111\u22121111\u20131111\u20141111'],
    ['zero-width spaces', '4111\u200b1111\u200b1111\u200b1111'],
    ['a joiner after every digit', Array.from('4111111111111111').join('\u200d')],
    ['soft hyphens and marks of order', '4111\u00ad11\u2060111111\ufeff1111'],
    ['marks of direction', '4111\u202e1111\u202c1111\u20661111'],
    ['Arabic digits', '٤١١١١١١١١١١١١١١١'],
    ['Devanagari digits', '४१११११११११११११११'],
    ['bold digits', '𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏'],
  ])('%s', (_, number) => {
    expect(found(`card ${number}.`)).toEqual([`credit-card: ${number}`]);
  });

  it.each([
    ['a Cyrillic look-alike in an IBAN', 'iban', 'GВ82 WЕST 1234 5698 7654 32'],
    ['full-width IBAN', 'iban', fullWidth('GB82WEST12345698765432')],
    ['a full-width at sign', 'email', 'jane＠example.com'],
    ['a zero-width space in an address', 'email', 'ja\u200bne@exam\u200bple.com'],
  ])('%s', (_, type, text) => {
    expect(found(`see ${text} there`)).toEqual([`${type}: ${text}`]);
  });
});

describe('tricks', () => {
  it.each([
    ['an IBAN in single signs', 'iban', 'DE89 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0'],
    ['an IBAN with a joiner after every sign', 'iban', Array.from('DE89370400440532013000').join('\u200d')],
    ['marks of direction around an address', 'email', 'jane\u202e@\u202cexample\u2066.com'],
    ['full-width letters in a scheme', 'url', `${fullWidth('https://')}example.org/x`],
  ])('%s is found', (_, type, text) => {
    expect(found(`see ${text} there`, { types: [type] })).toEqual([`${type}: ${text}`]);
  });

  it.each([
    ['a long s in a name', 'pa\u017f\u017fword=', 'f8Kq2LmZ0xPw'],
    ['a Kelvin sign in a name', 'to\u212aen: ', 'f8Kq2LmZ0xPw'],
    ['full-width letters in a name', `${fullWidth('secret')}: `, 'f8Kq2LmZ0xPw'],
  ])('%s does not hide a secret', (_, before, secret) => {
    expect(found(`x ${before}${secret}\n`)).toEqual([`secret-assignment: ${secret}`]);
  });

  it('words in capitals that look like Latin ones are the same words', () => {
    expect(found('ЕГН: 7523169263')).toEqual(['bg-egn: 7523169263']);
  });

  it.each([
    ['the first half of a pair', '\ud83d'],
    ['the second half of a pair', '\ude00'],
  ])('%s is no part of a number, and what stands behind a space is found', (_, half) => {
    expect(found(`card 4111${half}111111111111 x`)).toEqual([]);
    expect(found(`${half} card ${half} 4111111111111111 ${half}`)).toEqual(['credit-card: 4111111111111111']);
  });

  it.each([
    ['letters of other alphabets between digits', '4111я111111111111'],
    ['a digit put in', '41111\u200b111111111111'],
    ['a combining mark on a digit in the middle', '41111111\u030111111111'],
    ['look-alike letters for digits', '4lllllllllllllll'],
  ])('no number in %s', (_, text) => {
    expect(found(`card ${text}.`)).toEqual([]);
  });
});

describe('the edge of a word', () => {
  it.each([
    '4111111111111111a',
    'a4111111111111111',
    'é4111111111111111',
    '4111111111111111я',
    '41111111111111110',
    '1.4111111111111111',
    '4111111111111111.5',
    '4111111111111111-2',
    '2020-4111111111111111',
    '\u0663411111111111111\u0661',
  ])('no number in %s', (text) => {
    expect(found(`card ${text} x`)).toEqual([]);
  });

  it.each([
    '(4111111111111111)',
    '"4111111111111111"',
    '_4111111111111111_',
    'n°4111111111111111;',
    '4111111111111111.',
    '号码4111111111111111。',
    '번호4111111111111111입니다',
    'บัตร4111111111111111',
    'x=4111111111111111&y',
  ])('a number in %s', (text) => {
    expect(found(`card ${text}`)).toEqual(['credit-card: 4111111111111111']);
  });
});

const pieces = fc.oneof(
  fc.constantFrom(...recorded.numbers['iban']!.valid, ...recorded.numbers['us-ssn']!.valid, ...recorded.made['email']!),
  fc.constantFrom(
    '\u200b',
    '\ud83d',
    '\udc00',
    '\u202e',
    '\0',
    '\r',
    '\n',
    '\ufeff',
    '１',
    '𝟏',
    ' ',
    '-',
    '://',
    '@',
    'ssn ',
    'eyJ',
    '-----BEGIN ',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

it('survives anything, and every finding lies in the text', () => {
  const recogniser = new Recogniser({ minConfidence: 0 });
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      let last = 0;
      for (const { type, start, end, confidence } of recogniser.recognise(text)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThan(1);
        if (type !== 'url') expect(start).toBeGreaterThanOrEqual(last);
        if (type !== 'url') last = end;
      }
    }),
    { numRuns: 300 },
  );
});
