import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { type Draw, type Draws, from, pick, some } from './draw.ts';

function unary(
  opType: string,
  low = -2,
  high = 2,
  attributes: (random: Random) => Record<string, number | string> = () => ({}),
): Draw {
  return (random) => ({
    nodes: [node(opType, ['x'], ['y'], { attributes: attributes(random) })],
    inputs: { x: some(random, [2, from(random, 1, 5)], low, high) },
    batched: ['x'],
    opset: ['Gelu'].includes(opType) ? 20 : opType === 'Swish' ? 24 : 18,
  });
}

export const unaryCases: Draws = {
  ...Object.fromEntries(
    [
      'Exp',
      'Sin',
      'Cos',
      'Sinh',
      'Cosh',
      'Tanh',
      'Atan',
      'Asinh',
      'Erf',
      'Sigmoid',
      'Softplus',
      'Softsign',
      'Neg',
      'Identity',
      'Mish',
      'Relu',
      'Abs',
      'HardSwish',
      'Floor',
      'Ceil',
      'Round',
      'Sign',
    ].map((name) => [name, unary(name)]),
  ),
  Log: unary('Log', 0.2, 3),
  Sqrt: unary('Sqrt', 0.2, 3),
  Reciprocal: unary('Reciprocal', 0.3, 2),
  Tan: unary('Tan', -1.2, 1.2),
  Asin: unary('Asin', -0.9, 0.9),
  Acos: unary('Acos', -0.9, 0.9),
  Acosh: unary('Acosh', 1.2, 3),
  Atanh: unary('Atanh', -0.9, 0.9),
  Elu: unary('Elu', -2, 2, () => ({ alpha: 1.5 })),
  Selu: unary('Selu'),
  Celu: unary('Celu', -2, 2, () => ({ alpha: 0.5 })),
  LeakyRelu: unary('LeakyRelu', -2, 2, () => ({ alpha: 0.125 })),
  ThresholdedRelu: unary('ThresholdedRelu', -2, 2, () => ({ alpha: 0.5 })),
  HardSigmoid: unary('HardSigmoid', -4, 4, () => ({ alpha: 0.25, beta: 0.5 })),
  Shrink: unary('Shrink', -2, 2, () => ({ lambd: 0.75 })),
  Swish: unary('Swish', -3, 3, (random) => ({ alpha: pick(random, [1, 0.5, 1.75]) })),
  Gelu: unary('Gelu', -2, 2, (random) => ({ approximate: pick(random, ['none', 'tanh']) })),
};
