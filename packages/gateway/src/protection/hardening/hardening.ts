import { GatewayError } from '../../errors.ts';
import type { Elements, InferenceResponse, NamedTensor } from '../../protocols/inference.ts';
import { hardenClasses } from './class-scores.ts';
import { type Precision, precisionOf } from './precision.ts';
import { hardenSingle } from './single-score.ts';

export interface HardeningOptions {
  /** The output that is changed. */
  readonly output: string;
  /**
   * What it holds: `[rows, classes]`, or `[rows]` or `[rows, 1]`, one score of the second of two classes. Probabilities of a row that are
   * not between 0 and 1 are answered with the label alone.
   */
  readonly holds: 'probabilities' | 'logits';
  /** So many greatest scores stay; the others share evenly what they have together, so that sums stay what they were. */
  readonly topK?: number;
  /** Digits after the point. */
  readonly decimals?: number;
  /** The greatest confidence that is shown, above 0.5 and below 1. */
  readonly mostConfidence?: number;
  /** 1 for the first of the greatest, 0 for the others: in form what it was, in content the label. */
  readonly labelOnly?: boolean;
  /** Whether rounding may make another class the greatest. */
  readonly mayChangeTop?: boolean;
  /**
   * Other outputs that are passed on; the others are left out. Unless told otherwise those that hold one whole number or text a row, as
   * labels do: an embedding tells more than any probability.
   */
  readonly keep?: readonly string[];
}

/** What becomes of one row. */
export interface RowHardening {
  readonly isLogits: boolean;
  readonly topK: number;
  /** Parts of 1 that are kept, 10 ** decimals; 0 where nothing is rounded. */
  readonly parts: number;
  /** 1 where nothing is clipped. */
  readonly mostConfidence: number;
  readonly labelOnly: boolean;
  readonly mayChangeTop: boolean;
}

/**
 * Makes what takes details out of an answer. The first of the greatest scores stays the first of the greatest (what `argmax` gives) unless
 * `mayChangeTop`, and alone if it was; NaN stay where they are.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for options out of range; what it returns throws HF_GATEWAY_UPSTREAM for an answer without
 * that output, or with something else in it
 */
export function hardening(options: HardeningOptions): (response: InferenceResponse) => InferenceResponse {
  const { output, keep } = options;
  const of = rowHardening(options);
  const kept = keep && new Set(keep);
  return (response) => {
    const outputs: NamedTensor[] = [];
    let isThere = false;
    for (const tensor of response.outputs) {
      if (tensor.name !== output) {
        if (kept === undefined ? isLabel(tensor) : kept.has(tensor.name)) outputs.push(tensor);
      } else if (isThere)
        throw new GatewayError('HF_GATEWAY_UPSTREAM', `the answer has the output \`${output}\` twice`);
      else {
        isThere = true;
        outputs.push({ ...tensor, data: hardened(tensor, of) });
      }
    }
    if (!isThere) throw new GatewayError('HF_GATEWAY_UPSTREAM', `the answer lacks the output \`${output}\``);
    return { outputs };
  };
}

function rowHardening(options: HardeningOptions): RowHardening {
  const { holds, topK = 2 ** 31, decimals, mostConfidence = 1, labelOnly = false, mayChangeTop = false } = options;
  if (!(Number.isSafeInteger(topK) && topK >= 1)) throw wrong('`topK` is a whole number from 1 on');
  if (decimals !== undefined && !(Number.isSafeInteger(decimals) && decimals >= 0 && decimals <= 15)) {
    throw wrong('`decimals` is a whole number from 0 to 15');
  }
  if (options.mostConfidence !== undefined && !(mostConfidence > 0.5 && mostConfidence < 1)) {
    throw wrong('`mostConfidence` lies between 0.5 and 1');
  }
  const parts = decimals === undefined ? 0 : 10 ** decimals;
  return { isLogits: holds === 'logits', topK, parts, mostConfidence, labelOnly, mayChangeTop };
}

/** One whole number or text a row: it cannot hold more than the class. */
function isLabel({ datatype, shape, data }: NamedTensor): boolean {
  return !datatype.startsWith('FP') && data.length === (shape[0] ?? 1);
}

function hardened({ name, shape, datatype, data }: NamedTensor, of: RowHardening): Elements {
  const [rows = 1, classes = 1] = shape;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  if (!isFloat || shape.length < 1 || shape.length > 2 || rows * classes !== data.length) {
    throw new GatewayError('HF_GATEWAY_UPSTREAM', `the output \`${name}\` is not one of scores of each row`);
  }
  const precision = precisionOf(datatype);
  const changed = data.slice();
  if (classes === 1) {
    for (let row = 0; row < rows; row += 1) changed[row] = hardenSingle(changed[row] as number, of, precision);
    return changed;
  }
  const scores = new Float64Array(classes);
  for (let at = 0; at < changed.length; at += classes) hardenAt(changed, at, { scores, of, precision });
  return changed;
}

interface Scratch {
  readonly scores: Float64Array;
  readonly of: RowHardening;
  readonly precision: Precision;
}

function hardenAt(data: Float32Array | Float64Array, at: number, { scores, of, precision }: Scratch): void {
  for (let each = 0; each < scores.length; each += 1) scores[each] = data[at + each] as number;
  hardenClasses(scores, of, precision);
  data.set(scores, at);
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
