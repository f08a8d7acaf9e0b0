import { factsOf, type ListField } from './data-type.ts';
import { OnnxError } from './errors.ts';
import { checkLocation } from './external-data.ts';
import type { Limits } from './limits.ts';
import { elementCount, rawLength, type SparseTensor, type Tensor, type TensorContent } from './tensor.ts';

/**
 * Checks that a tensor holds exactly what its dimensions and its type say.
 * @throws OnnxError HF_ONNX_LIMIT, HF_ONNX_TENSOR_SIZE, HF_ONNX_TYPE, HF_ONNX_EXTERNAL_PATH
 */
export function checkTensor(tensor: Tensor, limits: Limits, where: string): void {
  const elements = checkDims(tensor.dims, limits, where);
  const { content, dataType } = tensor;
  const { listField, entries } = factsOf(dataType);
  switch (content.kind) {
    case 'raw':
    case 'omitted': {
      if (dataType === 'STRING') mistyped('strings cannot be raw bytes', where);
      const found = content.kind === 'raw' ? content.bytes.length : content.length;
      checkLength(found, rawLength(dataType, elements), 'bytes', where);
      break;
    }
    case 'external':
      if (dataType === 'STRING') mistyped('strings cannot lie in another file', where);
      checkLocation(content.data.location, where);
      if (content.data.length !== undefined)
        checkLength(content.data.length, rawLength(dataType, elements), 'bytes', where);
      break;
    case 'numbers':
    case 'integers':
    case 'strings':
      if (kindOf[listField] !== content.kind) mistyped(`${content.kind} cannot hold ${dataType}`, where);
      checkLength(content.values.length, Math.ceil(elements * entries), 'entries', where);
  }
}

const kindOf: Readonly<Record<ListField, TensorContent['kind']>> = {
  floatData: 'numbers',
  int32Data: 'numbers',
  doubleData: 'numbers',
  int64Data: 'integers',
  uint64Data: 'integers',
  stringData: 'strings',
};

/** Checks dimensions and returns the number of elements. */
function checkDims(dims: readonly number[], limits: Limits, where: string): number {
  if (dims.length > limits.rank)
    throw new OnnxError('HF_ONNX_LIMIT', `the model exceeds \`rank\`: ${limits.rank}`, { where });
  const odd = dims.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (odd !== undefined) throw new OnnxError('HF_ONNX_TENSOR_SIZE', `\`${odd}\` is not a dimension`, { where });
  // The largest dimensions first would overflow to infinity, which is still more than the limit; a zero makes it empty.
  const elements = dims.includes(0) ? 0 : elementCount(dims);
  if (elements > limits.elements) {
    throw new OnnxError('HF_ONNX_LIMIT', `the model exceeds \`elements\`: ${limits.elements}`, { where });
  }
  return elements;
}

/** SparseTensorProto: values [NNZ]; indices INT64 [NNZ] or [NNZ, rank]. */
export function checkSparseTensor(sparse: SparseTensor, limits: Limits, where: string): void {
  checkDims(sparse.dims, limits, where);
  checkTensor(sparse.values, limits, `${where}, values`);
  checkTensor(sparse.indices, limits, `${where}, indices`);
  const [count] = sparse.values.dims;
  const { dims, dataType } = sparse.indices;
  const fits = dims[0] === count && (dims.length === 1 || (dims.length === 2 && dims[1] === sparse.dims.length));
  if (sparse.values.dims.length !== 1 || !fits) {
    throw new OnnxError(
      'HF_ONNX_TENSOR_SIZE',
      `indices [${dims.join(', ')}] do not fit values [${sparse.values.dims.join(', ')}]`,
      { where },
    );
  }
  if (dataType !== 'INT64') mistyped(`indices are INT64, found ${dataType}`, where);
}

function checkLength(found: number, expected: number, what: string, where: string): void {
  if (found === expected) return;
  throw new OnnxError('HF_ONNX_TENSOR_SIZE', `holds ${found} ${what}, its dimensions say ${expected}`, { where });
}

function mistyped(message: string, where: string): never {
  throw new OnnxError('HF_ONNX_TYPE', message, { where });
}
