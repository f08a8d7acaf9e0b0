import { expect, it } from 'vitest';
import { needsPython } from './python.ts';
import { drawCallables } from './random-callables.ts';

for (const seed of [1, 2, 3, 4]) {
  it(`lets none of 5000 random callables pass but for calls on the allowlist, seed ${seed}`, {
    timeout: 600_000,
  }, (context) => {
    needsPython(context, 'scan');
    const { callables, passed } = drawCallables(seed, 5000, 20);
    expect(callables).toBeGreaterThan(4000);
    expect(passed).toEqual([]);
  });
}
