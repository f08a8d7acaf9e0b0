import { openSession, type TensorData } from '@holdfast/inference';
import { type Model, writeModel } from '@holdfast/onnx';
import { TrialsError } from '../../errors.ts';
import type { Feeds, QuantiseOptions } from '../quantise.ts';
import type { Affine, Range } from './affine.ts';
import { chosenRange } from './choose-range.ts';
import { Histogram } from './histogram.ts';

/**
 * The range of each value over all samples. The model runs once over them, and once more where more has to be known than
 * the least and the greatest. Nothing of what it gives is kept.
 * @throws TrialsError HF_TRIALS_DATA where there are no samples, or a value is NaN or infinite
 */
export async function calibrate(
  model: Model,
  values: readonly string[],
  samples: readonly Feeds[],
  type: Affine['type'],
  options: QuantiseOptions,
): Promise<Map<string, Range>> {
  if (samples.length === 0) {
    throw new TrialsError('HF_TRIALS_DATA', 'there are no samples to calibrate with', {
      fix: 'give a few hundred samples of what the model will see',
    });
  }
  const ranges = new Map<string, Range>();
  await observe(model, values, samples, options, (name, seen) => {
    ranges.set(name, widened(name, ranges.get(name), seen));
  });
  if ((options.calibration ?? 'min-max') === 'min-max') return ranges;
  const histograms = new Map([...ranges].map(([name, range]) => [name, new Histogram(range)]));
  await observe(model, values, samples, options, (name, seen) => {
    histograms.get(name)?.add(seen);
  });
  return new Map([...histograms].map(([name, seen]) => [name, chosenRange(seen, type, options)]));
}

function widened(name: string, known: Range | undefined, seen: Float32Array): Range {
  let { low, high } = known ?? { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  for (const value of seen) {
    if (!Number.isFinite(value)) {
      throw new TrialsError('HF_TRIALS_DATA', `the value \`${name}\` is ${value} for one of the samples`, {
        fix: 'look at the samples: a model has to give a finite number for each',
      });
    }
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

async function observe(
  model: Model,
  values: readonly string[],
  samples: readonly Feeds[],
  { threads = 1 }: QuantiseOptions,
  see: (name: string, values: Float32Array) => void,
): Promise<void> {
  const fed = new Set(model.graph.inputs.map(({ name }) => name));
  const inside = values.filter((name) => !fed.has(name));
  // a model has to have an output: where nothing inside is looked at, its own are
  const outputs = inside.length === 0 ? model.graph.outputs : inside.map((name) => ({ name }));
  const session = await openSession(writeModel({ ...model, graph: { ...model.graph, outputs } }), { threads });
  try {
    for (const feeds of samples) {
      const found = inside.length === 0 ? {} : await session.run(feeds);
      for (const name of values) see(name, realsOf(name, found[name] ?? feeds[name]));
    }
  } finally {
    await session.release();
  }
}

function realsOf(name: string, found: TensorData | undefined): Float32Array {
  if (found?.data instanceof Float32Array) return found.data;
  throw new TrialsError('HF_TRIALS_DATA', `the samples have no FLOAT for \`${name}\``);
}
