import { randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cases } from './cases.ts';
import { deviation } from './in-float32.ts';

const configurations = 10_000;

/** The two numbers are printed: docs/long-tests.md says what they were. */
it('gradients in float32 on ONNX Runtime are what the oracle says, over random configurations of all operators', async () => {
  let [worst, signs, wrong, where] = [0, 0, 0, ''];
  const operator = fc.constantFrom(...Object.keys(cases));
  await fc.assert(
    fc.asyncProperty(operator, fc.nat(2 ** 31 - 1), async (name, seed) => {
      const found = await deviation(cases[name]!(randomOf(`float32/${name}/${seed}`)));
      if (found.worst > worst) [worst, where] = [found.worst, `${name}, seed ${seed}`];
      signs += found.signs;
      wrong += found.wrongSigns;
      expect(found.worst).toBeLessThan(1e-5);
    }),
    { numRuns: configurations },
  );
  console.log(`${configurations} configurations: at most ${worst} (${where}); ${wrong} of ${signs} signs differ`);
  expect(wrong / signs).toBeLessThan(1e-4);
}, 1_800_000);
