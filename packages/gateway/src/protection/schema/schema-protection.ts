import type { Datatype, InferenceRequest, NamedTensor } from '../../protocols/inference.ts';
import type { InputProtection, Judgement } from '../protection.ts';
import { type CompiledInput, compileInputs } from './compiled-input.ts';
import type { InputSchema } from './input-schema.ts';

export interface SchemaProtectionOptions {
  /**
   * `exact`: the datatype of the model. `alike`: for protocols that do not say one, any number for a number, without a fraction and in
   * the range of the datatype where the model takes whole ones.
   */
  readonly datatypes?: 'exact' | 'alike';
}

/**
 * Refuses what the model does not take: other names, types and shapes, and values that its training data does not know. Nothing of a
 * request is kept, and nothing is allocated for one that is good.
 */
export function schemaProtection(schema: InputSchema, options: SchemaProtectionOptions = {}): InputProtection {
  const inputs = compileInputs(schema, options.datatypes ?? 'exact');
  const sizes = new Float64Array(inputs.reduce((most, { symbols }) => Math.max(most, ...symbols), -1) + 1);
  return {
    name: 'schema',
    judge(request: InferenceRequest): Judgement | undefined {
      if (request.inputs.length !== inputs.length) return said('names', 'not the inputs that the model takes');
      sizes.fill(-1);
      for (let at = 0; at < inputs.length; at += 1) {
        const input = inputs[at] as CompiledInput;
        const tensor = tensorOf(request.inputs, at, input.name);
        if (tensor === undefined) return said('names', `the input \`${input.name}\` is not there`);
        const wrong = wrongForm(input, tensor, request.rows, sizes) ?? input.wrongValue(tensor.data);
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    },
  };
}

/** The one of this name, mostly where the model has it. */
function tensorOf(tensors: readonly NamedTensor[], at: number, name: string): NamedTensor | undefined {
  const there = tensors[at];
  return there?.name === name ? there : tensors.find((tensor) => tensor.name === name);
}

const wholeTypes: ReadonlySet<Datatype> = new Set<Datatype>([
  ...(['UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64', 'BOOL'] as const),
]);

/** Whether a tensor of one datatype can stand for another, values aside. */
function areAlike(model: Datatype, sent: Datatype): boolean {
  if (model === 'BYTES' || sent === 'BYTES') return model === sent;
  if (model === 'BOOL') return wholeTypes.has(sent);
  return sent !== 'BOOL';
}

function wrongForm(
  { name, datatype, dimensions, symbols, isExact }: CompiledInput,
  tensor: NamedTensor,
  rows: number,
  sizes: Float64Array,
): Judgement | undefined {
  if (isExact ? tensor.datatype !== datatype : !areAlike(datatype, tensor.datatype)) {
    return said('datatype', `the input \`${name}\` is of another datatype than \`${datatype}\``);
  }
  const { shape } = tensor;
  if (dimensions !== undefined && dimensions.length !== shape.length && (isExact || !isColumn(dimensions, shape))) {
    return said('shape', `the input \`${name}\` has ${dimensions.length} dimensions`);
  }
  let elements = 1;
  for (let axis = 0; axis < shape.length; axis += 1) {
    const size = shape[axis] ?? 0;
    if (!(size >= 1) || !fits(dimensions?.[axis] ?? -1, symbols[axis] ?? -1, size, sizes)) {
      return said('shape', `dimension ${axis} of the input \`${name}\` has another size`);
    }
    elements *= size;
  }
  if (elements !== tensor.data.length || (shape.length > 0 && shape[0] !== rows)) {
    return said('shape', `the input \`${name}\` has another number of elements than its shape, or other rows`);
  }
  return undefined;
}

/** Protocols of rows and columns have one number a row where a model's column has a list of one: [N] for [N, 1]. */
const isColumn = (dimensions: Int32Array, shape: readonly number[]): boolean =>
  shape.length === 1 && dimensions.length === 2 && dimensions[1] === 1;

/** @param sizes what each symbol was so far; -1 for what it has not been yet */
function fits(dimension: number, symbol: number, size: number, sizes: Float64Array): boolean {
  if (symbol < 0) return dimension < 0 || dimension === size;
  if (sizes[symbol] === -1) sizes[symbol] = size;
  return sizes[symbol] === size;
}

function said(rule: string, message: string): Judgement {
  return { protection: 'schema', rule: `gateway.schema.${rule}`, message };
}
