import { readSamples } from '@holdfast/dataset';
import type { InputSchema } from '../protection/schema/input-schema.ts';
import { type FeatureColumn, featureColumns, sourcesOf } from './feature-columns.ts';
import type { Columns } from './model-answers.ts';

/** Rows of the training data as the model takes them, and as protections weigh them. */
export interface TrainingRows {
  readonly rows: number;
  /** One for each feature, in its order. */
  readonly columns: Columns;
  readonly sources: ReturnType<typeof sourcesOf>;
  /** Row after row, texts as their codes. */
  readonly values: Float64Array;
}

/**
 * Reads a table, or an array of samples, as the features that a model takes. What is missing is NaN.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where columns and features do not fit; DatasetError
 */
export async function trainingRows(path: string, schema: InputSchema, leave: readonly string[]): Promise<TrainingRows> {
  const { shape, values, columns } = await readSamples(path, { missing: { becomes: Number.NaN } });
  const rows = shape[0] ?? 0;
  const stride = rows === 0 ? 0 : values.length / rows;
  const numbersAt = (at: number): Float32Array =>
    Float32Array.from({ length: rows }, (_, row) => values[row * stride + at] as number);
  const names = columns?.map(({ name }) => name) ?? Array.from({ length: stride }, (_, at) => String(at));
  const chosen = featureColumns(schema, names, leave).map((name) => {
    const at = names.indexOf(name);
    const column = columns?.[at];
    if (column?.kind !== 'categorical') return { name, values: numbersAt(at) };
    const texts = Array.from(numbersAt(at), (code) => column.categories[code] ?? '');
    return { name, values: texts, texts };
  });
  const sources = sourcesOf(schema, chosen satisfies readonly FeatureColumn[]);
  return { rows, columns: chosen.map((each) => each.values), sources, values: coded(rows, chosen, sources) };
}

function coded(
  rows: number,
  columns: readonly { readonly values: Float32Array | readonly string[] }[],
  sources: TrainingRows['sources'],
): Float64Array {
  const coded = new Float64Array(rows * columns.length);
  for (const [at, column] of columns.entries()) {
    const codes = sources[at]?.codes ?? {};
    for (let row = 0; row < rows; row += 1) {
      const value = column.values[row] ?? Number.NaN;
      coded[row * columns.length + at] = typeof value === 'number' ? value : (codes[value] ?? Number.NaN);
    }
  }
  return coded;
}
