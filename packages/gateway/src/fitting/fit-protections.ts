import { type Matrix, randomOf } from '@holdfast/statistics';
import { GatewayError } from '../errors.ts';
import { fitAnomaly } from '../protection/anomaly/fit-anomaly.ts';
import { fitEvasion } from '../protection/evasion/fit-evasion.ts';
import { type AnsweredRows, fitExtraction } from '../protection/extraction/fit-extraction.ts';
import type { FeatureSource } from '../protection/features.ts';
import { type FittedProtections, fittedKind } from './fitted-protections.ts';

/** Rows, and what the model says to each. */
export interface FitRequest {
  readonly model: string;
  readonly sources: readonly FeatureSource[];
  readonly output: FittedProtections['output'];
  readonly rows: AnsweredRows;
  /** Part of ordinary requests that may be called anomalous; 0.001 unless told otherwise, or as little as the rows allow. */
  readonly falseAlarms?: number;
  readonly seed: string;
}

/** Half of the rows are learnt from; the other half says from where on to speak. */
const heldOutShare = 0.5;
const usualFalseAlarms = 0.001;

/**
 * Learns what ordinary requests to a model are like.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for too few rows: 64, and for stated false alarms twice 1/falseAlarms − 1
 */
export function fitProtections({ model, sources, output, rows, seed, ...options }: FitRequest): FittedProtections {
  const features = sources.map(({ feature }) => feature);
  const { learnt, heldOut } = halves(rows, seed);
  const least = 1 / (heldOut.rows + 1);
  const falseAlarms = options.falseAlarms ?? Math.max(usualFalseAlarms, least);
  if (falseAlarms < least) {
    const wanted = Math.ceil(2 * (1 / falseAlarms - 1));
    throw wrong(`${rows.rows} rows are too few for \`falseAlarms: ${falseAlarms}\`: it takes ${wanted}`);
  }
  return {
    ...{ kind: fittedKind, model, sources, output },
    anomaly: fitAnomaly(learnt, { features, heldOut, falseAlarms }),
    ...evasionOf(learnt, features, seed),
    extraction: fitExtraction(learnt, { features, heldOut, seed: `extraction ${seed}` }),
  };
}

function evasionOf(rows: Matrix, features: readonly string[], seed: string): Pick<FittedProtections, 'evasion'> {
  try {
    return { evasion: fitEvasion(rows, { features, seed: `evasion ${seed}` }) };
  } catch (error) {
    if (error instanceof GatewayError) return {};
    throw error;
  }
}

function halves(rows: AnsweredRows, seed: string): { readonly learnt: Matrix; readonly heldOut: AnsweredRows } {
  const order = randomOf(`halves ${seed}`).shuffle(Int32Array.from({ length: rows.rows }, (_, row) => row));
  const count = Math.round(rows.rows * heldOutShare);
  return { learnt: chosenRows(rows, order.subarray(count)), heldOut: chosenRows(rows, order.subarray(0, count)) };
}

function chosenRows({ columns, values, classes, margins }: AnsweredRows, chosen: Int32Array): AnsweredRows {
  const picked = new Float64Array(chosen.length * columns);
  for (const [to, row] of chosen.entries()) {
    picked.set(values.subarray(row * columns, (row + 1) * columns), to * columns);
  }
  return {
    ...{ rows: chosen.length, columns, values: picked },
    classes: Int32Array.from(chosen, (row) => classes[row] as number),
    margins: Float64Array.from(chosen, (row) => margins[row] as number),
  };
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
