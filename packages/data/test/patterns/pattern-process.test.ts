import { PatternProcess, PatternUnfinished, pythonPattern } from '@holdfast/data/validate/patterns/index';
import { describe, expect, test } from 'vitest';

function javascript(pattern: string): string {
  const ours = pythonPattern(pattern);
  if (ours.engine === 'none') throw new Error(ours.message);
  return ours.javascript;
}

async function unfinished(work: Promise<unknown>): Promise<PatternUnfinished> {
  const problem = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (problem instanceof PatternUnfinished) return problem;
  throw new Error('it came to an end', { cause: problem });
}

describe('a pattern in a process of its own', () => {
  test('is looked for in every text, over many pieces', async () => {
    using pattern = new PatternProcess(javascript('^(?=.*[05]$)\\d+$'));
    const texts = Array.from({ length: 10_000 }, (_, index) => String(index));
    const found = await pattern.matches(texts);
    expect(found).toHaveLength(10_000);
    expect(found.filter(Boolean)).toHaveLength(2000);
    expect(found.flatMap((is, index) => (is ? [index] : [])).slice(0, 3)).toStrictEqual([0, 5, 10]);
    expect(await pattern.matches([])).toStrictEqual([]);
  });

  test('leaves what it has no time for, with the answers before it', async () => {
    // Ten million years for the last text but one, if nobody ended it; the pieces before it are answered.
    using pattern = new PatternProcess(javascript('^(a+)+$'), { time: 500, memory: 64 });
    const texts = [...Array.from({ length: 5000 }, () => 'aa'), `${'a'.repeat(60)}b`, 'a'];
    const { why, found, left } = await unfinished(pattern.matches(texts));
    expect({ why, answered: found.length, left }).toStrictEqual({ why: 'time', answered: 4096, left: 906 });
    expect(found.every(Boolean)).toBe(true);
    expect((await unfinished(pattern.matches(['a']))).why).toBe('time');
  });

  test('has one budget of time for all of its calls', async () => {
    using pattern = new PatternProcess(javascript('^(a+)+$'), { time: 800, memory: 64 });
    const slow = `${'a'.repeat(18)}b`;
    let calls = 0;
    const { why } = await unfinished(
      (async () => {
        for (; calls < 10_000; calls += 1) await pattern.matches([slow]);
      })(),
    );
    expect(why).toBe('time');
    expect(calls).toBeGreaterThan(0);
  });

  test('does not read a text that is longer than memory allows for', async () => {
    using pattern = new PatternProcess('a', { time: 5000, memory: 64 });
    const { why, left } = await unfinished(pattern.matches(['b'.repeat((1 << 24) + 1)]));
    expect({ why, left }).toStrictEqual({ why: 'memory', left: 1 });
  });

  test('says so when its memory is up', async () => {
    using pattern = new PatternProcess('a', { time: 60_000, memory: 8 });
    const { why, left } = await unfinished(pattern.matches(Array.from({ length: 4 }, () => '一'.repeat(1 << 24))));
    expect({ why, left }).toStrictEqual({ why: 'memory', left: 4 });
  });

  test('says so when its process was killed, or closed', async () => {
    using broken = new PatternProcess('(', { time: 5000, memory: 64 });
    expect((await unfinished(broken.matches(['a']))).why).toBe('died');
    const closed = new PatternProcess('a');
    closed.close();
    expect((await unfinished(closed.matches(['a']))).why).toBe('closed');
  });
});
