import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loweredOperators } from '../../src/gradient/lowerings/index.ts';
import { operatorsWithGradient } from '../../src/gradient/rules/index.ts';

/** Every operator of the sets up to 23 that ONNX 1.23.2 tags differentiable. */
const { operators } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../testkit/test/float64/differentiable.json'), 'utf8'),
) as { readonly operators: readonly string[] };

/** Those that came with sets 24 to 28. */
const newer = ['CausalConvWithState', 'CumProd', 'LinearAttention', 'Swish', 'SwiGLU', 'TensorScatter'];

const withoutGradient: Readonly<Record<string, string>> = {
  MaxRoiPool: 'cuts regions at whole pixels, which the data gives; exporters write RoiAlign',
  CausalConvWithState: 'of set 27 or newer; no exporter writes it yet',
  CumProd: 'of set 26; no exporter writes it yet',
  LinearAttention: 'of set 27 or newer; no exporter writes it yet',
  SwiGLU: 'of set 27 or newer; no exporter writes it yet',
  TensorScatter: 'keeps keys and values of a model that generates; a classifier has none',
};

it('of the 121 operators that ONNX tags differentiable, 115 have a gradient; LayerNormalization and Attention too', () => {
  const all = [...operators, ...newer];
  expect(all).toHaveLength(121);
  const gradients = new Set([...operatorsWithGradient, ...loweredOperators]);
  const missing = all.filter((name) => !gradients.has(name));
  expect(missing.sort()).toEqual(Object.keys(withoutGradient).sort());
  expect(all.length - missing.length).toBe(115);
  expect(gradients.has('LayerNormalization') && gradients.has('Attention')).toBe(true);
});
