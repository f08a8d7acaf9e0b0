import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, modelOf, type Node, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { robustnessOptions } from '../src/robustness/options.ts';
import type { RowResult } from '../src/robustness/row-result.ts';
import type { TrialResult } from '../src/robustness/trial-result.ts';
import { corpus } from './corpus.ts';

/** The bytes of a model of the corpus. */
export const modelFile = (name: string): Uint8Array => readFileSync(join(corpus, 'models', name));

/** The path of samples of the corpus. */
export const dataFile = (name: string): string => join(corpus, 'data', name);

/** Options of a trial of digits. */
export const digitsOptions = (more: Readonly<Record<string, unknown>> = {}) =>
  robustnessOptions({ data: dataFile('digits-test.npz'), norm: 'linf', epsilon: 0.1, rows: 130, ...more });

/** x [N, 4] through nodes to y, with weights w [4, 3] of twelfths. */
export function smallModel(nodes: readonly Node[], dims: readonly (number | string)[] = ['N', 4]): Uint8Array {
  const weights = Float32Array.from({ length: 12 }, (_, index) => index / 12);
  const graph = graphOf({
    name: 'small',
    nodes,
    inputs: [tensorValue('x', 'FLOAT', dims)],
    outputs: [tensorValue('y', 'FLOAT', ['N', 3])],
    initializers: [tensor('w', [4, 3], weights)],
  });
  return writeModel(modelOf({ graph, opsets: { '': 18 } }));
}

export const product = node('MatMul', ['x', 'w'], ['y']);

/** What a trial of 40 rows of two classes in turn came to, all of them right and unbroken but for what is said. */
export function resultOf(rows: (row: number) => Partial<RowResult>, more: Partial<TrialResult> = {}): TrialResult {
  const label = (row: number): number => row % 2;
  return {
    options: robustnessOptions({ data: 'd.npz', norm: 'linf', epsilon: 0.1 }),
    subject: { model: 'sha256:aa', data: 'sha256:bb', total: 40, dims: [2], classes: 2 },
    software: { trials: '0', onnxruntime: '1', node: '2', platform: 'linux-x64', processor: 'none' },
    members: [
      { name: 'steep', usesGradient: true },
      { name: 'blind', usesGradient: false },
    ],
    // as in probes.ts: the fourth is the radius itself, the last the widest
    radii: [0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.4, 0.5],
    asked: 40,
    rows: Array.from({ length: 40 }, (_, row) => {
      const own = { row, label: label(row), clean: label(row), oneStep: false, blank: false };
      return { ...own, at: [false, false, false, false, false, false, false, true, true], ...rows(row) };
    }),
    changed: { rows: [], original: new Float32Array(), changed: new Float32Array() },
    signs: [],
    isInterrupted: false,
    ...more,
  };
}
