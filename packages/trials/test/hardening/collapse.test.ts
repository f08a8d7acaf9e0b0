import { expect, it } from 'vitest';
import { hasCollapsed } from '../../src/hardening/collapse.ts';

it.each([
  // what Wong et al. show in figure 3: ten steps fall to almost nothing while one step is withstood ever better
  [{ singleStep: 0.85, robust: 0.02 }, 0.42, true],
  [{ singleStep: 0.6, robust: 0.2 }, 0.45, true],
  // never hardened
  [{ singleStep: 0.3, robust: 0.05 }, 0.05, false],
  // worse, but by both measures
  [{ singleStep: 0.25, robust: 0.2 }, 0.45, false],
  // somewhat worse
  [{ singleStep: 0.55, robust: 0.4 }, 0.45, false],
  // chance
  [{ singleStep: 0.16, robust: 0.02 }, 0.06, false],
])('%j with %d at its best: %s', (scores, best, collapsed) => {
  expect(hasCollapsed(scores, best)).toBe(collapsed);
});
