import type { Port } from '@holdfast/inference';
import type { Graph } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import type { Facts } from '../gradient/facts.ts';
import { predictions } from '../victim.ts';

/** What a model is asked for: the class of a row, or a number. */
export type Task = 'classification' | 'regression';

/** The output of a model that answers. */
export interface Head {
  readonly name: string;
  /** [N, outputs] rather than [N]. */
  readonly isColumn: boolean;
  readonly outputs: number;
  /** 1 of a regressor. */
  readonly classes: number;
}

/** The first output that fits the task. @throws TrialsError HF_TRIALS_TASK */
export function headOf(outputs: readonly Port[], facts: Facts, task: Task): Head {
  const real = outputs.flatMap(({ name, type }) => {
    const dims = type === 'FLOAT' ? facts.get(name)?.dims : undefined;
    const [rows, size = 1] = dims ?? [];
    const isOpen = dims !== undefined && rows === null && dims.length <= 2 && size !== null;
    return isOpen ? [{ name, isColumn: dims.length === 2, outputs: size }] : [];
  });
  const has = outputs
    .map(
      ({ name, type }) =>
        `\`${name}\` (${type} [${
          facts
            .get(name)
            ?.dims.map((size) => size ?? 'N')
            .join(', ') ?? '?'
        }])`,
    )
    .join(', ');
  const many = real.find((each) => each.outputs > 1);
  const one = real.find((each) => each.outputs === 1);
  if (task === 'regression') {
    if (one !== undefined && many === undefined) return { ...one, classes: 1 };
    throw new TrialsError('HF_TRIALS_TASK', `a regressor gives one number a row, this model gives ${has}`, {
      fix: 'leave out `--task regression` if the model tells classes apart',
    });
  }
  if (many !== undefined) return { ...many, classes: many.outputs };
  return one === undefined ? refuseClassifier(has) : { ...one, classes: 2 };
}

/** A model that should be a classifier and is none. */
export function refuseClassifier(has: string): never {
  const what = 'a classifier gives a number for each class, or one probability out of a Sigmoid';
  throw new TrialsError('HF_TRIALS_TASK', `${what}; this model gives ${has}`, {
    fix: 'say `--task regression` if the model gives a value; export classifiers of scikit-learn without ZipMap',
  });
}

/** The classes of answers; −1 where they are NaN. One probability means the second of two classes from one half on. */
export function classesOf(answers: Float32Array, { outputs }: Head): Int32Array {
  if (outputs > 1) return predictions(answers, outputs);
  return Int32Array.from(answers, (value) => (Number.isNaN(value) ? -1 : value >= 0.5 ? 1 : 0));
}

/** What goes into the activation that gives a value, also where rows are divided by their sums once more (skl2onnx). */
export function before(graph: Graph, value: string, activation: 'Softmax' | 'Sigmoid'): string | undefined {
  const by = graph.nodes.find(({ outputs }) => outputs.includes(value));
  const [first = '', second = ''] = by?.inputs ?? [];
  if (by?.opType === activation && by.domain === '') return first;
  if (by?.opType === 'Identity') return before(graph, first, activation);
  const divisor = graph.nodes.find(({ outputs }) => outputs.includes(second));
  const isSum = by?.opType === 'Div' && divisor?.opType === 'ReduceL1' && divisor.inputs[0] === first;
  return isSum ? before(graph, first, activation) : undefined;
}
