import { expect, it } from 'vitest';
import { runAllowed } from './harmless-calls.ts';
import { needsPython } from './python.ts';

for (const environment of ['scan', 'scan-torch'] as const) {
  for (const seed of [1, 2, 3]) {
    it(`reaches nothing with forty random calls of every allowed form: ${environment}, seed ${seed}`, {
      timeout: 600_000,
    }, (context) => {
      needsPython(context, environment);
      const outcome = runAllowed(environment, 40, seed);
      expect(outcome.seen).toEqual([]);
      expect(outcome.untried).toEqual([]);
    });
  }
}
