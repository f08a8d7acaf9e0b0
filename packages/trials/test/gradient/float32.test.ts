import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { cases } from './cases.ts';
import { deviation } from './in-float32.ts';

/** One configuration of every operator; float32.long.test.ts draws ten thousand. */
it.each(Object.entries(cases))('%s in float32 on ONNX Runtime is what the oracle says', async (operator, draw) => {
  const { worst, wrongSigns } = await deviation(draw(randomOf(`float32/${operator}`)));
  expect(worst).toBeLessThan(1e-5);
  expect(wrongSigns).toBe(0);
});
