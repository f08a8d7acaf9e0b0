import type { DatasetProfile } from '@holdfast/evidence';
import type { DataType, Graph, ValueInfo } from '@holdfast/onnx';
import { GatewayError } from '../../errors.ts';
import type { Datatype } from '../../protocols/inference.ts';
import { boundsOf } from './column-bounds.ts';
import type { FeatureBounds, InputSchema, InputTensor } from './input-schema.ts';

export interface SchemaOptions {
  /** What the training data hold; its signature is checked by whoever reads it. */
  readonly profile?: DatasetProfile;
  /**
   * The column of each feature: of the inputs in their order, the elements of a row in theirs. Without it an input of one element a
   * row is the column of its name, and the only input of several is all columns in their order but `leave`.
   */
  readonly columns?: readonly string[];
  /** Columns that the model does not see, such as the label. */
  readonly leave?: readonly string[];
  /** How far beyond the training data's range a number may lie, as a part of that range; 0.1 unless told otherwise. */
  readonly margin?: number;
}

const datatypes: Readonly<Partial<Record<DataType, Datatype>>> = {
  ...{
    BOOL: 'BOOL',
    UINT8: 'UINT8',
    UINT16: 'UINT16',
    UINT32: 'UINT32',
    UINT64: 'UINT64',
    INT8: 'INT8',
    INT16: 'INT16',
  },
  ...{ INT32: 'INT32', INT64: 'INT64', FLOAT16: 'FP16', FLOAT: 'FP32', DOUBLE: 'FP64', STRING: 'BYTES' },
};

/**
 * What a model takes, by its own ONNX signature and the profile of its training data.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for an input that no request can carry, or columns that do not fit
 */
export function schemaOf(graph: Pick<Graph, 'inputs' | 'initializers'>, options: SchemaOptions = {}): InputSchema {
  const { profile, margin = 0.1 } = options;
  if (!(margin >= 0 && margin < Number.POSITIVE_INFINITY)) throw wrong('`margin` is a number from 0 on');
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name)).map(inputOf);
  if (inputs.length === 0) throw wrong('the model takes nothing');
  if (profile === undefined) {
    return { inputs, features: [], left: ['no profile of the training data: values are not bounded'] };
  }
  const features: FeatureBounds[] = [];
  const left: string[] = [];
  for (const place of placesOf(inputs, profile, options)) {
    const column = profile.columns.find(({ name }) => name === place.column);
    if (column === undefined) throw wrong(`the profile has no column \`${place.column}\``);
    const { bounds, reason } = boundsOf(column, isText(inputs[place.input]), margin);
    if (bounds !== undefined) features.push({ feature: place.column, input: place.input, at: place.at, ...bounds });
    if (reason !== undefined) left.push(`\`${place.column}\`: ${reason}`);
  }
  return { inputs, features, left };
}

const isText = (input: InputTensor | undefined): boolean => input?.datatype === 'BYTES';

function inputOf({ name, type }: ValueInfo): InputTensor {
  if (type?.kind !== 'tensor') throw wrong(`the input \`${name}\` is no tensor`);
  const datatype = datatypes[type.elementType];
  if (datatype === undefined) throw wrong(`no request can carry the \`${type.elementType}\` of the input \`${name}\``);
  return { name, datatype, ...(type.shape === undefined ? {} : { shape: type.shape }) };
}

interface Place {
  readonly column: string;
  readonly input: number;
  readonly at: number;
}

/** Which column stands where. */
function placesOf(inputs: readonly InputTensor[], profile: DatasetProfile, options: SchemaOptions): Place[] {
  const widths = inputs.map(widthOf);
  const total = widths.reduce((sum, each) => sum + each, 0);
  const leave = new Set(options.leave);
  const names =
    options.columns ??
    (inputs.length > 1 || total === 1
      ? inputs.map(({ name }) => name)
      : profile.columns.map(({ name }) => name).filter((name) => !leave.has(name)));
  if (names.length !== total) {
    throw wrong(
      `the model takes ${total} features, and ${names.length} columns are named: give \`columns\` or \`leave\``,
    );
  }
  const places: Place[] = [];
  for (const [input, width] of widths.entries()) {
    for (let at = 0; at < width; at += 1) places.push({ column: names[places.length] ?? '', input, at });
  }
  return places;
}

/** Elements of one row. */
function widthOf({ name, shape }: InputTensor): number {
  let width = 1;
  for (const size of shape?.slice(1) ?? [null]) {
    if (typeof size !== 'number')
      throw wrong(`how many features the input \`${name}\` has is not fixed: no profile fits it`);
    width *= size;
  }
  if (width > 20_000) throw wrong(`the input \`${name}\` has more features than a profile has columns`);
  return width;
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_CONFIGURATION', message);
