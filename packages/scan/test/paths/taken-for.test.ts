import { describe, expect, it } from 'vitest';
import { takenFor } from '../../src/paths/taken-for.ts';

/** Pairs of https://www.unicode.org/Public/16.0.0/ucd/CaseFolding.txt and UnicodeData.txt, and of Windows' own rules. */
describe('names that some systems take for one', () => {
  it.each([
    ['Model.PT', 'model.pt'],
    ['stra\u00dfe', 'STRASSE'],
    ['\u017fafe', 'SAFE'],
    ['\u212a.bin', 'k.bin'],
    ['o\ufb03ce', 'office'],
    ['e\u0301', '\u00e9'],
    ['\uff4d\uff4f\uff44\uff45\uff4c', 'model'],
    ['mo\u200cdel', 'model'],
    ['\u03c3', '\u03c2'],
    ['a.bin.', 'a.bin'],
    ['a /b', 'a/b'],
  ])('%j and %j', (one, other) => {
    expect(takenFor(one)).toBe(takenFor(other));
  });

  it.each([
    ['a', 'b'],
    ['.', ''],
    ['a/b', 'ab'],
    ['.a', 'a'],
    ['\u00e4', 'a'],
  ])('and not %j and %j', (one, other) => {
    expect(takenFor(one)).not.toBe(takenFor(other));
  });
});
