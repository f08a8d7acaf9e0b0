import { describe, expect, it } from 'vitest';
import { entityTypes, type PatternForm, Recogniser } from '../../src/index.ts';
import { worstTexts } from './worst-texts.ts';

const recogniser = new Recogniser({ minConfidence: 0 });
// A block at the end has less of what follows in sight: the first two have nothing else.
const lookAhead = 20_000;

/** Everything that was looked at, and how often. */
function workOf(text: string): number {
  const stream = recogniser.stream();
  const findings = [...stream.push(text), ...stream.end()].length;
  const { scanned, tried, matched, surroundings } = stream.work;
  return scanned + surroundings + (tried + matched + findings) * 100;
}

describe('twice as much text is at most twice the work', () => {
  it.each(Object.entries(worstTexts))('%s', (_, part) => {
    const [first = 0, second = 0, third = 0] = [1, 2, 4].map((times) =>
      workOf(part.repeat(Math.ceil((12_288 * times) / part.length))),
    );
    expect(second).toBeLessThanOrEqual(first * 2.2 + lookAhead);
    expect(third).toBeLessThanOrEqual(second * 2.2 + lookAhead);
  });
});

/** Signs of a class, escapes and groups without what is between brackets, so that quantifiers stand bare. */
function withoutClasses(source: string): string {
  return source.replaceAll(/\\[pP]\{[^}]*\}|\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
}

const patterns = entityTypes
  .flatMap(({ forms }) => forms)
  .filter((form): form is PatternForm => form.kind === 'pattern');

describe('every pattern is bounded', () => {
  it.each(patterns.map((form): [string, PatternForm] => [form.name, form]))('%s', (_, { exact, longest }) => {
    expect(withoutClasses(exact)).not.toMatch(/[*+]|\{\d+,\}/);
    // Every repetition within the bound: an upper bound of what can match, by the sizes of its parts.
    expect(longest).toBeLessThanOrEqual(16_384);
  });
});
