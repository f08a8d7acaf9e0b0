import { describe, expect, it } from 'vitest';
import { entityTypes, Recogniser, RecogniserError, recognise } from '../src/index.ts';
import { labelledCorpus, valuesByType } from './corpus.ts';
import { found } from './found.ts';

describe('the table of entity types', () => {
  it('has more than sixty, of more than twenty countries with checks', () => {
    expect(entityTypes.length).toBeGreaterThan(60);
    const checked = entityTypes.filter(({ checksum }) => checksum !== undefined);
    expect(checked.length).toBeGreaterThan(60);
    expect(new Set(checked.flatMap(({ countries }) => countries)).size).toBeGreaterThan(40);
  });

  it('names each once, says whose it is, what it means and where that is written', () => {
    expect(new Set(entityTypes.map(({ name }) => name)).size).toBe(entityTypes.length);
    for (const { name, title, reference, classes, countries, chance, check, checksum, hipaa } of entityTypes) {
      expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(title, name).toMatch(/^[A-Z0-9]/);
      expect(reference.length, name).toBeGreaterThan(5);
      expect(classes.length, name).toBeGreaterThan(0);
      expect(
        countries.every((country) => /^[A-Z]{2}$/.test(country)),
        name,
      ).toBe(true);
      expect(chance > 0 && chance <= 1, name).toBe(true);
      expect(checksum === undefined || check !== undefined, name).toBe(true);
      expect(classes.includes('hipaa') ? /^[A-R]$/.test(hipaa ?? '') : true, name).toBe(true);
    }
  });

  it('has all of the 18 identifiers of HIPAA that can be told by form', () => {
    const letters = new Set(entityTypes.flatMap(({ hipaa }) => hipaa ?? []));
    // Not told by form: names (A), faxes (E, as telephones), biometrics (P), photographs (Q).
    expect([...letters].sort().join('')).toBe('BCDFGHIJKLMNOR');
  });
});

describe('a choice', () => {
  it('is of types, countries and classes, all at once', () => {
    expect(new Recogniser({ types: ['iban', 'email'] }).types.map(({ name }) => name)).toEqual(['iban', 'email']);
    const polish = new Recogniser({ countries: ['PL'], classes: ['pii'] }).types;
    expect(polish.some(({ name }) => name === 'pl-pesel')).toBe(true);
    expect(polish.every(({ countries }) => countries.length === 0 || countries.includes('PL'))).toBe(true);
    expect(polish.every(({ classes }) => classes.includes('pii'))).toBe(true);
  });

  it.each([
    [{ types: ['nothing'] }, 'there is no entity type `nothing`'],
    [{ countries: ['XX'] }, 'there is no entity type of `XX`'],
    [{ minConfidence: Number.NaN }, 'a confidence is a number from 0 to 1, not `NaN`'],
    [{ minConfidence: 1.5 }, 'a confidence is a number from 0 to 1, not `1.5`'],
  ])('%j is refused', (options, message) => {
    expect(() => new Recogniser(options)).toThrow(message);
    expect(() => new Recogniser(options)).toThrow(RecogniserError);
    expect(() => new Recogniser(options)).toThrow(expect.objectContaining({ code: 'HF_RECOGNISERS_CHOICE' }));
  });
});

describe('confidence', () => {
  // Valid, and invalid in its last digit: the example of the Polish ministry.
  const pesel = '44051401359';

  it('is high with a word, low without, and nothing without the check', () => {
    const low = recognise(`x ${pesel} y`, { types: ['pl-pesel'], minConfidence: 0 });
    expect(low).toHaveLength(1);
    expect(low[0]?.confidence).toBeLessThan(0.1);
    expect(low[0]?.why).toEqual({ form: '###########', checksum: 'date, mod 10' });
    const [high] = recognise(`PESEL ${pesel}`);
    expect(high?.confidence).toBeGreaterThan(0.9);
    expect(high?.why).toEqual({ form: '###########', checksum: 'date, mod 10', context: 'pesel' });
    expect(recognise('PESEL 44051401358', { minConfidence: 0, types: ['pl-pesel'] })).toEqual([]);
  });

  it('is what Bayes’ rule says of the numbers of the table', () => {
    // Odds of bare digits 1 to 1000, a chance of 0.018, a word 1000: 0.001 / 0.018 * 1000 = 55.6 to 1.
    expect(recognise(`pesel: ${pesel}`)[0]?.confidence).toBeCloseTo(55.56 / 56.56, 3);
  });

  it.each([
    ['pesel_number', 'pesel_number=44051401359'],
    ['peselNumber', '{"peselNumber":"44051401359"}'],
    ['a word after it', '44051401359 (PESEL)'],
    ['the line above', 'Numer PESEL\n44051401359'],
    ['letters of another alphabet that look the same', 'РЕSЕL: 44051401359'],
  ])('knows the word in %s', (_, text) => {
    expect(found(text)).toEqual(['pl-pesel: 44051401359']);
  });

  it.each([
    ['another word', 'peselology 44051401359'],
    ['another sentence', 'The PESEL was missing. order 44051401359'],
    ['another name', 'count: 44051401359, pesel: none'],
    ['two lines above', 'PESEL\n\n44051401359'],
    ['too far', `pesel ${'is '.repeat(40)}44051401359`],
  ])('does not know it in %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('takes what was said from outside', () => {
    expect(found('44051401359', { context: 'pesel' })).toEqual(['pl-pesel: 44051401359']);
    expect(found('44051401359', { context: 'order_id' })).toEqual([]);
  });

  it('knows words of languages without spaces', () => {
    expect(found('我的身份证号是11010519491231002X。')).toEqual(['cn-resident-identity: 11010519491231002X']);
  });
});

describe('of what overlaps', () => {
  it('the longest of what is nearly certain stays', () => {
    expect(found('IBAN: DE89 3704 0044 0532 0130 00')).toEqual(['iban: DE89 3704 0044 0532 0130 00']);
  });

  it('what is more likely stays', () => {
    // Eleven digits that pass both checks: the word decides.
    const both = '10000000146';
    expect(found(`TC kimlik no: ${both}`)).toEqual([`tr-kimlik: ${both}`]);
  });

  it('a web address is found beside what stands in it', () => {
    expect(found('https://example.org/?mail=jane@example.com')).toEqual([
      'url: https://example.org/?mail=jane@example.com',
      'email: jane@example.com',
    ]);
  });

  it('a UUID and a time keep numbers from being found in them', () => {
    expect(found('phone 550e8400-e29b-41d4-a716-446655440000')).toEqual([]);
    expect(found('born at 2024-03-01T10:00:00Z')).toEqual([]);
  });
});

it('never says what stands there', () => {
  const recogniser = new Recogniser({ minConfidence: 0 });
  const values = new Set([...valuesByType().values()].flat());
  expect(values.size).toBeGreaterThan(1000);
  for (const { text } of labelledCorpus().filter((_, index) => index % 5 === 0)) {
    const said = JSON.stringify(
      recogniser.recognise(text).map(({ type, confidence, why }) => ({ type, confidence, why })),
    );
    for (const word of text.split(/[\s"|]+/)) if (word.length > 7 && values.has(word)) expect(said).not.toContain(word);
  }
  expect(() => new Recogniser().stream({ context: 'x' })).not.toThrow();
});
