import { type Tensor, tensor } from '@holdfast/onnx';
import type { Value } from '../../src/float64/evaluate.ts';

/** A value as a tensor of a file. */
export function constantOf({ dims, data }: Value): Tensor {
  return tensor('', dims, data);
}
