import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bandingFor } from '@holdfast/data/anomaly/near/banding';
import { NearDuplicates, type NearOptions } from '@holdfast/data/anomaly/near/near-duplicates';
import { ShingleSets } from '@holdfast/data/anomaly/near/shingle-sets';
import { Shingler } from '@holdfast/data/anomaly/near/shingles';
import { bandHashes } from '@holdfast/data/anomaly/near/signature';
import { randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const words: NearOptions = { threshold: 0.8, shingles: { of: 'words', size: 3 } };

/** Another way: sets of texts, split by a pattern. */
function wordShingles(text: string, size = 3): Set<string> {
  const parts = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (parts.length === 0) return new Set();
  if (parts.length < size) return new Set([parts.join(' ')]);
  return new Set(parts.slice(size - 1).map((_, at) => parts.slice(at, at + size).join(' ')));
}

function similarity(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((each) => other.has(each)).length;
  return shared / (one.size + other.size - shared);
}

function pairsOf(documents: readonly string[], options: NearOptions = words): string[] {
  const near = new NearDuplicates(options);
  for (const [index, text] of documents.entries()) near.add(index, text);
  const found: string[] = [];
  near.pairs((one, other) => found.push(`${one} ${other}`));
  return found.toSorted();
}

/** Every pair, compared. */
function exhaustive(documents: readonly string[], threshold: number): string[] {
  const sets = documents.map((text) => wordShingles(text));
  const found: string[] = [];
  for (const [one, left] of sets.entries()) {
    for (const [other, right] of sets.entries()) {
      if (one < other && left.size > 0 && similarity(left, right) >= threshold) found.push(`${one} ${other}`);
    }
  }
  return found.toSorted();
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as {
  readonly documents: readonly string[];
  readonly datasketchCandidates: readonly (readonly [number, number])[];
};

describe('near duplicates', () => {
  test('of made documents are those of an exhaustive comparison', () => {
    const expected = exhaustive(recorded.documents, 0.8);
    expect(expected.length).toBeGreaterThan(20);
    expect(pairsOf(recorded.documents)).toEqual(expected);
  });

  test('hold everything of datasketch’s candidates that is as similar as was asked for', () => {
    const sets = recorded.documents.map((text) => wordShingles(text));
    const similar = recorded.datasketchCandidates
      .filter(([one, other]) => similarity(sets[one]!, sets[other]!) >= 0.8)
      .map((pair) => pair.join(' '));
    expect(similar.length).toBeGreaterThan(20);
    expect(pairsOf(recorded.documents)).toEqual(expect.arrayContaining(similar));
  });

  test.each([
    ['small sets, many permutations', 9, 1],
    ['middling sets', 36, 4],
    ['large sets, one permutation', 450, 50],
  ])('of pairs at the threshold fewer than 1 % are missed: %s', (_, shared, only) => {
    // shared / (shared + 2 · only): 9/11, 36/44, 450/550, all 0.818…
    const near = new NearDuplicates({ ...words, shingles: { of: 'words', size: 1 } });
    const random = randomOf('recall');
    const pairs = shared > 100 ? 500 : 1200;
    const part = (): number => random.integer(2 ** 32);
    for (let pair = 0; pair < pairs; pair += 1) {
      const common = Array.from({ length: shared }, part);
      near.addRow(2 * pair, [...common, ...Array.from({ length: only }, part)]);
      near.addRow(2 * pair + 1, [...common, ...Array.from({ length: only }, part)]);
    }
    let [found, wrong] = [0, 0];
    near.pairs((one, other) => {
      if (other === one + 1 && one % 2 === 0) found += 1;
      else wrong += 1;
    });
    expect(wrong).toBe(0);
    expect(found / pairs).toBeGreaterThan(0.99);
  });

  /** Rows of cells of which some are nearly always the same, with twins; and which of them are similar, compared one by one. */
  function table(cells: number, differing: number): { rows: number[][]; similar: string[] } {
    const random = randomOf('rows');
    const row = (): number[] =>
      Array.from({ length: cells }, (_, at) => at * 1_000_003 + random.integer(at < cells / 2 ? 2 : 1000) * 97);
    const rows = Array.from({ length: 600 }, row);
    for (let at = 0; at < 150; at += 1) {
      const changed = random
        .shuffle(Array.from({ length: cells }, (_, cell) => cell))
        .slice(0, 1 + (at % (differing + 1)));
      rows.push(rows[at]!.map((cell, index) => (changed.includes(index) ? cell + 1 : cell)));
    }
    const similar: string[] = [];
    for (const [one, left] of rows.entries()) {
      for (let other = one + 1; other < rows.length; other += 1) {
        const same = left.filter((cell, at) => cell === rows[other]![at]).length;
        if (same / (2 * cells - same) >= 0.8) similar.push(`${one} ${other}`);
      }
    }
    return { rows, similar: similar.toSorted() };
  }

  test.each([
    [9, 1],
    [15, 1],
    [20, 2],
    [30, 3],
  ])('of rows of %i cells are all that differ in at most %i of them', (cells, differing) => {
    const { rows, similar } = table(cells, differing);
    const near = new NearDuplicates({ ...words, cells });
    for (const [index, each] of rows.entries()) near.addRow(index, each);
    const found: string[] = [];
    near.pairs((one, other) => found.push(`${one} ${other}`));
    expect(similar.length).toBeGreaterThan(70);
    expect(found.toSorted()).toEqual(similar);
  });

  test('of sets that share a lot with everything are still found, with bands of more rows', () => {
    const { rows, similar } = table(12, 1);
    const near = new NearDuplicates(words);
    for (const [index, each] of rows.entries()) near.addRow(index, each);
    const found: string[] = [];
    near.pairs((one, other) => found.push(`${one} ${other}`));
    expect(found.filter((pair) => !similar.includes(pair))).toEqual([]);
    expect(found.length / similar.length).toBeGreaterThan(0.985);
  });

  test('do not depend on case, on what stands between words, or on the order of documents', () => {
    const texts = ['The quick brown fox jumps over the lazy dog', 'the QUICK-brown, fox; jumps over — the lazy dog!'];
    expect(pairsOf(texts)).toEqual(['0 1']);
    expect(pairsOf(['ΑΒΓ δεζ ηθι κλμ', 'αβγ ΔΕΖ ηθι κλμ'])).toEqual(['0 1']);
    expect(pairsOf(['a b c d', 'd c b a'])).toEqual([]);
  });

  test('with a threshold of 1 are those with the very same shingles', () => {
    const texts = ['one two three four', 'one two three four', 'one two three five', 'One two three FOUR.'];
    expect(pairsOf(texts, { ...words, threshold: 1 })).toEqual(['0 1', '0 3']);
  });

  test('are looked for among those before only, where there is a reference', () => {
    const near = new NearDuplicates(words);
    const text = 'some words that stand in a row for a while until they end';
    near.add(1, text);
    near.add(2, text);
    near.startAgainst();
    near.add(11, `${text}.`);
    near.add(12, 'another text altogether, which nobody has seen before');
    near.add(13, 'another text altogether, which nobody has seen before');
    near.add(14, `${text} here`);
    const found: string[] = [];
    near.pairs((one, other) => found.push(`${one} ${other}`));
    expect(found.toSorted()).toEqual(['1 11', '1 14']);
  });

  test('of texts without a word are none', () => {
    expect(pairsOf(['', '…', '!!!', '   '])).toEqual([]);
  });

  test('come to an end that is said where memory or comparisons do', () => {
    const near = new NearDuplicates({ ...words, memory: 4 * (2 ** 16 + 2 ** 12 + 2 ** 13) });
    const random = randomOf('memory');
    for (let at = 0; at < 100; at += 1)
      near.addRow(
        at,
        Array.from({ length: 1000 }, () => random.integer(2 ** 32)),
      );
    expect(near.pairs(() => undefined)).toMatchObject({ documents: 65, left: 35 });
    const few = new NearDuplicates({ ...words, comparisons: 3 });
    for (const [index, text] of recorded.documents.entries()) few.add(index, text);
    expect(few.pairs(() => undefined)).toMatchObject({ compared: 3, isWhole: false });
  });

  test('stop when they are told to', () => {
    const near = new NearDuplicates({ ...words, signal: AbortSignal.abort(new Error('enough')) });
    near.add(0, 'one two three four');
    expect(() => near.pairs(() => undefined)).toThrow('enough');
  });

  test('a text of half a million characters is one like any other', () => {
    const random = randomOf('long');
    const long = Array.from({ length: 90_000 }, () => `w${random.integer(5000)}`).join(' ');
    expect(long.length).toBeGreaterThan(500_000);
    expect(pairsOf([long, `${long} and an end of its own`, 'short'])).toEqual(['0 1']);
  });
});

test('shingles of characters are those of a sliding window', () => {
  const shingler = new Shingler({ of: 'characters', size: 5 });
  const count = (text: string): number => {
    shingler.read(text);
    return shingler.count;
  };
  const windows = (text: string): number =>
    new Set(Array.from({ length: text.length - 4 }, (_, at) => text.slice(at, at + 5))).size;
  fc.assert(
    fc.property(fc.stringMatching(/^[a-e]{5,60}$/), (text) => {
      expect(count(text)).toBe(windows(text));
    }),
    { numRuns: 200, seed: 6 },
  );
  expect(count('ab')).toBe(1);
});

test('any texts: what is found is what an exhaustive comparison finds, or misses as seldom as it says', () => {
  // Slices of one text of words that stand in it once, with a word changed now and then.
  const text = Array.from({ length: 40 }, (_, at) => `${'aß中9é'[at % 5] ?? ''}${at}`);
  const document = fc
    .tuple(fc.nat(12), fc.integer({ min: 0, max: 26 }), fc.option(fc.nat(25), { freq: 2 }))
    .map(([from, length, changed]) => text.slice(from, from + length).map((word, at) => (at === changed ? 'x' : word)));
  let [expected, found] = [0, 0];
  fc.assert(
    fc.property(fc.array(document, { minLength: 2, maxLength: 12 }), (parts) => {
      const documents = parts.map((each) => each.join(' '));
      const all = exhaustive(documents, 0.6);
      // What has the very same shingles is a pair with the first of them only.
      const near = new NearDuplicates({ ...words, threshold: 0.6 });
      for (const [index, text] of documents.entries()) near.add(index, text);
      near.pairs((one, other) => {
        expect(all).toContain(`${one} ${other}`);
        found += 1;
      });
      const sets = documents.map((text) => wordShingles(text));
      const same = (one: number, other: number): boolean =>
        similarity(sets[one]!, sets[other]!) === 1 || sets[one]!.size + sets[other]!.size === 0;
      const firstOf = (index: number): number => sets.findIndex((_, other) => same(other, index));
      expected += all.filter((pair) => {
        const [one, other] = pair.split(' ').map(Number) as [number, number];
        return firstOf(one) === one && (same(one, other) || firstOf(other) === other);
      }).length;
    }),
    { numRuns: 120, seed: 6 },
  );
  expect(expected).toBeGreaterThan(100);
  expect(found / expected).toBeGreaterThan(0.985);
});

test('the chance that a pair at the threshold is missed is at most 0.4 %, whatever the banding', () => {
  for (const threshold of [0.3, 0.5, 0.7, 0.8, 0.9, 0.99]) {
    for (const sampled of [[0], [0.1, 0.2], [0.4, 0.5, 0.2]]) {
      const { bands, rows } = bandingFor(threshold, { sets: 1e6, size: 20, pairs: 5e11 }, sampled);
      expect((1 - threshold ** rows) ** bands).toBeLessThanOrEqual(0.004);
    }
  }
});

test('two sets agree in a row of their signatures as often as they are similar', () => {
  const random = randomOf('agreement');
  for (const size of [5, 20, 200]) {
    const sets = new ShingleSets(2 ** 26);
    const shared = Math.round(0.6 * size);
    const shingler = new Shingler({ of: 'words', size: 1 });
    const add = (parts: readonly number[]): void => {
      shingler.readParts(parts);
      sets.add(shingler.hashes, shingler.count);
    };
    const part = (): number => random.integer(2 ** 32);
    for (let pair = 0; pair < 400; pair += 1) {
      const common = Array.from({ length: shared }, part);
      for (let twin = 0; twin < 2; twin += 1) add([...common, ...Array.from({ length: size - shared }, part)]);
    }
    const banding = { bands: 100, rows: 1 };
    const { hashes } = bandHashes(sets, banding, 3);
    let same = 0;
    for (let band = 0; band < 100; band += 1) {
      for (let set = 0; set < 800; set += 2) {
        if (hashes[band * 800 + set] === hashes[band * 800 + set + 1]) same += 1;
      }
    }
    // Of 40,000 rows, which within a pair are not independent: three standard deviations stay below 0.02.
    expect(same / 40_000).toBeCloseTo(shared / (2 * size - shared), 1.5);
  }
});
