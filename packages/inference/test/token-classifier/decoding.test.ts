import { judge } from '@holdfast/inference/token-classifier/judge';
import { labelScheme } from '@holdfast/inference/token-classifier/label-scheme';
import { type Aggregation, spansOf } from '@holdfast/inference/token-classifier/spans';
import { windowsOf } from '@holdfast/inference/token-classifier/windows';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Tokens of three characters with one between them, all words of their own, or of the words that are given. */
function spans(names: readonly string[], labels: readonly string[], how: Aggregation = 'simple', words?: number[]) {
  const tokens = labels.map((_, index) => ({
    id: 0,
    start: 4 * index,
    end: 4 * index + 3,
    word: words?.[index] ?? index,
  }));
  const judged = labels.map((label, index) => ({ label: names.indexOf(label), score: 1 / (index + 1) }));
  return spansOf(tokens, judged, labelScheme(names), how).map(({ label, start, end }) => `${label} ${start}-${end}`);
}

const bio = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];
const bioes = ['O', ...['B', 'I', 'E', 'S'].flatMap((prefix) => [`${prefix}-PER`, `${prefix}-LOC`])];

describe('labels', () => {
  // By hand, from what the schemes mean.
  it.each<[string, readonly string[], string[], string[]]>([
    ['BIO', bio, ['B-PER', 'I-PER', 'O', 'I-PER'], ['PER 0-7', 'PER 12-15']],
    ['BIO, one thing behind another of its kind', bio, ['B-PER', 'B-PER', 'I-PER'], ['PER 0-3', 'PER 4-11']],
    ['BIO, another kind goes on', bio, ['B-PER', 'I-LOC', 'I-LOC'], ['PER 0-3', 'LOC 4-11']],
    ['IO', ['O', 'PER', 'LOC'], ['PER', 'PER', 'LOC', 'O', 'PER'], ['PER 0-7', 'LOC 8-11', 'PER 16-19']],
    ['BIOES', bioes, ['S-PER', 'I-PER', 'E-PER', 'E-PER', 'B-LOC'], ['PER 0-3', 'PER 4-11', 'PER 12-15', 'LOC 16-19']],
    ['BILOU', ['O', 'B-PER', 'I-PER', 'L-PER', 'U-PER'], ['U-PER', 'B-PER', 'L-PER'], ['PER 0-3', 'PER 4-11']],
    ['a name that looks like a prefix', ['O', 'S-Bahn', 'PER'], ['S-Bahn', 'S-Bahn'], ['S-Bahn 0-7']],
    ['nothing', bio, ['O', 'O'], []],
    ['no tokens', bio, [], []],
  ])('are put together: %s', (_, names, labels, expected) => {
    expect(spans(names, labels)).toEqual(expected);
  });

  it('of a word are those of its first token, where that is asked for', () => {
    expect(spans(bio, ['B-PER', 'O', 'O', 'I-PER'], 'first', [0, 0, 1, 2])).toEqual(['PER 0-7', 'PER 12-15']);
    expect(spans(bio, ['O', 'B-PER', 'B-LOC'], 'first', [0, 0, 1])).toEqual(['LOC 8-11']);
  });

  it('give a span the mean of their scores', () => {
    const tokens = [0, 1].map((index) => ({ id: 0, start: index, end: index + 1, word: index }));
    const judged = [
      { label: 1, score: 0.5 },
      { label: 2, score: 1 },
    ];
    expect(spansOf(tokens, judged, labelScheme(bio), 'simple')).toEqual([
      { label: 'PER', start: 0, end: 2, score: 0.75 },
    ]);
  });

  it('are the most probable ones', () => {
    // exp(0) : exp(ln 3) = 1 : 3, and large logits do not overflow.
    expect(judge(Float32Array.of(9, 0, Math.log(3)), 1, 2)).toEqual({
      label: 1,
      score: expect.closeTo(0.75, 6) as number,
    });
    expect(judge(Float32Array.of(1e30, 3e38, -3e38), 0, 3)).toEqual({ label: 1, score: 1 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are none of a logit that is %d', (logit) => {
    expect(() => judge(Float32Array.of(0, logit), 0, 2)).toThrow(
      expect.objectContaining({ code: 'HF_INFERENCE_CLASSIFIER' }) as Error,
    );
  });
});

describe('windows', () => {
  it('judge each token once, with a quarter of a window around it where the text goes on', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.integer({ min: 4, max: 510 }), (length, size) => {
        const judged = new Array<number>(length).fill(0);
        for (const { from, to, counts, countsTo } of windowsOf(0, length, size)) {
          expect(to - from).toBeLessThanOrEqual(size);
          expect(counts).toBeGreaterThanOrEqual(from);
          expect(countsTo).toBeLessThanOrEqual(to);
          for (let token = counts; token < countsTo; token += 1) {
            judged[token] = (judged[token] ?? 0) + 1;
            const nearer = Math.min(from === 0 ? size : token - from, to === length ? size : to - 1 - token);
            expect(nearer).toBeGreaterThanOrEqual(Math.floor(Math.floor(size / 4) / 2));
          }
        }
        expect(judged.every((times) => times === 1)).toBe(true);
      }),
    );
  });
});
