import { openSession, type Session, type TensorData } from '@holdfast/inference';
import { type Model, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../errors.ts';
import { predictions } from '../victim.ts';
import { calibrate } from './quantisation/calibrate.ts';
import { planOf } from './quantisation/plan.ts';
import { quantised } from './quantisation/write.ts';
import { activationType, calibrated, checkOptions, type Feeds, type QuantiseOptions, subjectOf } from './quantise.ts';

/** What it costs to quantise one layer alone. */
export interface LayerSensitivity {
  readonly layer: string;
  readonly operator: string;
  /** ‖quantised − float‖ / ‖float‖ of the first real output over all samples. */
  readonly error: number;
  /** The share of the rows whose greatest output is another one; absent where the output has no classes. */
  readonly changed?: number;
}

/**
 * Quantises each layer alone and looks at what the model gives then: the dearest first. What costs most is what `exclude` of
 * {@link quantise} is for.
 * @throws what {@link quantise} throws
 */
export async function quantisationSensitivity(
  model: Model,
  samples: readonly Feeds[],
  options: QuantiseOptions = {},
): Promise<LayerSensitivity[]> {
  checkOptions(options);
  const type = activationType(options);
  const subject = await subjectOf(model, samples, options);
  const plans = subject.layers.map((layer) => planOf(subject.model, [layer], type));
  const values = [...new Set(plans.flatMap(calibrated))];
  const ranges = await calibrate(subject.model, values, samples, type, options);
  const wanted = await outputsOf(subject.model, samples, options);
  const costs: LayerSensitivity[] = [];
  for (const [place, plan] of plans.entries()) {
    const found = await outputsOf(quantised(subject.model, plan, ranges, options), samples, options);
    const { name = '', node } = subject.layers[place] ?? {};
    costs.push({ layer: name, operator: node?.opType ?? '', ...differenceOf(wanted, found) });
  }
  return costs.sort((a, b) => b.error - a.error);
}

/** The first real output, batch by batch. */
async function outputsOf(model: Model, samples: readonly Feeds[], { threads = 1 }: QuantiseOptions) {
  const session = await openSession(writeModel(model), { threads });
  try {
    const name = realOutput(session);
    const outputs: TensorData[] = [];
    for (const feeds of samples) {
      const found = (await session.run(feeds, [name]))[name];
      if (found !== undefined) outputs.push(found);
    }
    return outputs;
  } finally {
    await session.release();
  }
}

function realOutput({ outputs }: Session): string {
  const output = outputs.find(({ type }) => type === 'FLOAT');
  if (output !== undefined) return output.name;
  throw new TrialsError('HF_TRIALS_MODEL', 'the model has no output of FLOAT');
}

/** How far outputs are from what they were. */
export function differenceOf(
  wanted: readonly TensorData[],
  found: readonly TensorData[],
): Pick<LayerSensitivity, 'error' | 'changed'> {
  let [distance, length, rows, changed] = [0, 0, 0, 0];
  for (const [batch, { data, dims }] of wanted.entries()) {
    const [a, b] = [data as Float32Array, found[batch]?.data as Float32Array];
    for (const [index, value] of a.entries()) {
      distance += (value - (b[index] as number)) ** 2;
      length += value ** 2;
    }
    const classes = dims.length === 2 ? (dims[1] ?? 1) : 1;
    if (classes < 2) continue;
    const [before, after] = [predictions(a, classes), predictions(b, classes)];
    rows += before.length;
    changed += before.filter((label, row) => label !== after[row]).length;
  }
  const error = Math.sqrt(distance / (length || 1));
  return rows === 0 ? { error } : { error, changed: changed / rows };
}
