import { GatewayError } from '../errors.ts';
import { type FeatureSource, surprisals } from '../protection/features.ts';
import type { InputSchema } from '../protection/schema/input-schema.ts';

/** A column of the training data, with its texts where it holds texts. */
export interface FeatureColumn {
  readonly name: string;
  readonly texts?: readonly string[];
}

/**
 * The column behind each feature, in the order of inputs and of their elements: an input of one element a row is the column of its name; the
 * only input of several is all columns in their order but those that the model does not see.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where they do not fit
 */
export function featureColumns(
  { inputs }: InputSchema,
  names: readonly string[],
  leave: readonly string[],
): readonly string[] {
  const unknown = leave.find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(`there is no column \`${unknown}\` to leave`);
  const widths = inputs.map(({ shape }) =>
    (shape?.slice(1) ?? [null]).reduce<number>((product, size) => product * Number(size ?? Number.NaN), 1),
  );
  const total = widths.reduce((sum, each) => sum + each, 0);
  if (!Number.isSafeInteger(total)) throw wrong('how many features the model takes is not fixed');
  const isNamed = inputs.length > 1 || total === 1;
  const columns = isNamed ? inputs.map(({ name }) => name) : names.filter((name) => !leave.includes(name));
  if (columns.length !== total) {
    throw wrong(`the model takes ${total} features, and ${columns.length} columns are there: say which to \`leave\``);
  }
  const missing = columns.find((name) => !names.includes(name));
  if (missing !== undefined) throw wrong(`there is no column \`${missing}\``);
  return columns;
}

/** Where the features stand in requests; texts by how rare they are. */
export function sourcesOf({ inputs }: InputSchema, columns: readonly FeatureColumn[]): FeatureSource[] {
  const sources: FeatureSource[] = [];
  for (const { name: input, shape, datatype } of inputs) {
    const width = (shape?.slice(1) ?? [1]).reduce<number>((product, size) => product * Number(size), 1);
    for (let at = 0; at < width; at += 1) {
      const { name: feature, texts } = columns[sources.length] as FeatureColumn;
      if (datatype === 'BYTES' && texts === undefined)
        throw wrong(`\`${feature}\` holds no texts, and the model takes some`);
      if (datatype !== 'BYTES' && texts !== undefined)
        throw wrong(`\`${feature}\` holds texts, and the model takes numbers`);
      sources.push({ feature, input, at, ...(texts === undefined ? {} : { codes: surprisals(texts) }) });
    }
  }
  return sources;
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
