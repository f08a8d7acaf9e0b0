import type { DataType } from '@holdfast/onnx';

/** What is known of a value of a graph: its element type, and its dimensions; null where a dimension varies with the batch. */
export interface ValueFacts {
  readonly type: DataType;
  readonly dims: readonly (number | null)[];
}

/** Facts by the name of the value. */
export type Facts = ReadonlyMap<string, ValueFacts>;

/** Element types that have gradients. */
export function isReal(type: DataType): boolean {
  return type === 'FLOAT' || type === 'DOUBLE' || type === 'FLOAT16' || type === 'BFLOAT16';
}
