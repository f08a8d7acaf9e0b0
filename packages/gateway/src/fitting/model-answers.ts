import type { Session, TensorData } from '@holdfast/inference';
import { GatewayError } from '../errors.ts';
import { answerReader } from '../protection/extraction/answers.ts';
import type { InputSchema } from '../protection/schema/input-schema.ts';
import type { NamedTensor } from '../protocols/inference.ts';

/** Columns in the order of the features, each one value a row: numbers, or texts. */
export type Columns = readonly (Float32Array | readonly string[])[];

/** The class and the margin of each row. */
export interface Answers {
  readonly classes: Int32Array;
  readonly margins: Float64Array;
}

const batch = 512;

/**
 * What a model says to rows, by running its file.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where the output holds no score for each row; InferenceError
 */
export async function modelAnswers(
  session: Session,
  schema: InputSchema,
  { columns, rows }: { readonly columns: Columns; readonly rows: number },
  output: { readonly name: string; readonly holds: 'probabilities' | 'logits' },
): Promise<Answers> {
  const [classes, margins] = [new Int32Array(rows), new Float64Array(rows)];
  const reader = answerReader(output.name, output.holds);
  for (let from = 0; from < rows; from += batch) {
    const count = Math.min(batch, rows - from);
    const given = await session.run(feedsOf(session, schema, columns, { from, count }), [output.name]);
    if (!reader.open({ outputs: [scores(output.name, given[output.name])] }, count)) {
      throw wrong(`\`${output.name}\` holds no score of each row: say with \`output\` which one does`);
    }
    for (let row = 0; row < count; row += 1) {
      const answer = reader.read(row);
      if (Number.isNaN(answer.class)) throw wrong(`the model answers row ${from + row + 1} with NaN`);
      classes[from + row] = answer.class;
      margins[from + row] = answer.margin;
    }
  }
  return { classes, margins };
}

function scores(name: string, tensor: TensorData | undefined): NamedTensor {
  const data = tensor?.data;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  return { name, datatype: 'FP32', shape: tensor?.dims ?? [], data: isFloat ? data : new Float32Array(0) };
}

interface Part {
  readonly from: number;
  readonly count: number;
}

function feedsOf(session: Session, { inputs }: InputSchema, columns: Columns, part: Part): Record<string, TensorData> {
  const feeds: Record<string, TensorData> = {};
  let first = 0;
  for (const { name, shape } of inputs) {
    const dims = [part.count, ...(shape?.slice(1) ?? []).map(Number)];
    const width = dims.slice(1).reduce((product, size) => product * size, 1);
    const type = session.inputs.find((port) => port.name === name)?.type;
    if (type === undefined) throw wrong(`the model has no input \`${name}\``);
    feeds[name] = { type, dims, data: elementsOf(type, columns.slice(first, first + width), part) };
    first += width;
  }
  return feeds;
}

function elementsOf(type: TensorData['type'], columns: Columns, { from, count }: Part): TensorData['data'] {
  const at = (index: number): number | string =>
    columns[index % columns.length]?.[from + Math.floor(index / columns.length)] ?? Number.NaN;
  const length = count * columns.length;
  const number = (_: unknown, index: number): number => Number(at(index));
  if (type === 'FLOAT') return Float32Array.from({ length }, number);
  if (type === 'DOUBLE') return Float64Array.from({ length }, number);
  if (type === 'STRING') return Array.from({ length }, (_, index) => String(at(index)));
  if (type === 'INT32') return Int32Array.from({ length }, (_, index) => whole(at(index)));
  if (type === 'INT64') return BigInt64Array.from({ length }, (_, index) => BigInt(whole(at(index))));
  throw wrong(`a model that takes \`${type}\` is not run here`);
}

function whole(value: number | string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw wrong('the model takes whole numbers, and a value is missing or has a fraction');
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
