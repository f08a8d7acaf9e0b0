import type { Caller } from '@holdfast/gateway';
import type { Datatype, Elements, InferenceRequest, NamedTensor } from '@holdfast/gateway/protocols/inference';

export const caller: Caller = { id: 'key:a', name: 'a', roles: [], tenant: 'a' };

export function tensorOf(name: string, datatype: Datatype, shape: readonly number[], data: Elements): NamedTensor {
  return { name, datatype, shape, data };
}

export function requestOf(...inputs: readonly NamedTensor[]): InferenceRequest {
  return { inputs, rows: inputs[0]?.shape[0] ?? 1 };
}

/** Rows of one FP32 matrix. */
export function matrixOf(name: string, rows: readonly (readonly number[])[]): InferenceRequest {
  const width = rows[0]?.length ?? 0;
  return requestOf(tensorOf(name, 'FP32', [rows.length, width], Float32Array.from(rows.flat())));
}
