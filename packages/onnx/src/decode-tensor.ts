import { isFieldSet } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type DataType, dataTypeOf, factsOf } from './data-type.ts';
import { documented, numberOf, pairs } from './decode-text.ts';
import { OnnxError, shown } from './errors.ts';
import { externalDataOf } from './external-data.ts';
import {
  type SparseTensorProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from './generated/onnx_pb.ts';
import { omittedField } from './outline-writer.ts';
import type { SparseTensor, Tensor, TensorContent } from './tensor.ts';

/** @throws OnnxError HF_ONNX_TYPE for a number that is no element type */
export function elementType(code: number, where: string): DataType {
  const type = dataTypeOf(code);
  if (type === undefined) throw new OnnxError('HF_ONNX_TYPE', `\`${code}\` is not an element type`, { where });
  return type;
}

/** A tensor from its message; its sizes are checked later, with the model. */
export function decodeTensor(proto: TensorProto, place: string): Tensor {
  const where = `${place} ${shown(proto.name)}`;
  const dataType = elementType(proto.dataType, where);
  if (proto.segment) throw new OnnxError('HF_ONNX_TENSOR_SIZE', 'the tensor is split into segments', { where });
  return {
    name: proto.name,
    dataType,
    dims: proto.dims.map((size) => numberOf(size, 'HF_ONNX_TENSOR_SIZE', where)),
    content: decodeContent(proto, dataType, where),
    ...documented(proto, where),
  };
}

const listFields = ['floatData', 'int32Data', 'int64Data', 'doubleData', 'uint64Data', 'stringData'] as const;

/** Exactly one field may hold the elements; which one is bound to the type. */
function decodeContent(proto: TensorProto, dataType: DataType, where: string): TensorContent {
  const isRaw = isFieldSet(proto, TensorProtoSchema.field.rawData);
  const filled: readonly string[] = [
    ...listFields.filter((field) => proto[field].length > 0),
    ...(isRaw ? ['rawData'] : []),
  ];
  const isExternal = proto.dataLocation === TensorProto_DataLocation.EXTERNAL;
  if (isExternal ? filled.length > 0 : proto.externalData.length > 0) {
    throw new OnnxError('HF_ONNX_EXTERNAL_PATH', 'elements both in the file and in another', { where });
  }
  if (isExternal) return { kind: 'external', data: externalDataOf(pairs(proto.externalData, where), where) };
  if (filled.length > 1)
    throw new OnnxError('HF_ONNX_TYPE', `elements in several fields: ${filled.join(', ')}`, { where });
  const { listField } = factsOf(dataType);
  const [field] = filled;
  if (field === 'rawData') return omittedContent(proto) ?? { kind: 'raw', bytes: proto.rawData };
  if (field !== undefined && field !== listField) {
    throw new OnnxError('HF_ONNX_TYPE', `\`${field}\` cannot hold ${dataType}`, { where });
  }
  return listContent(proto, listField);
}

/** An outline says how many raw bytes it left out, in a field that the walk over a file lets nobody else use. */
function omittedContent({ $unknown: unknown }: TensorProto): TensorContent | undefined {
  const field = unknown?.find(({ no }) => no === omittedField);
  return field && { kind: 'omitted', length: Number(new BinaryReader(field.data).uint64()) };
}

function listContent(proto: TensorProto, field: (typeof listFields)[number]): TensorContent {
  switch (field) {
    case 'stringData':
      return { kind: 'strings', values: proto.stringData };
    case 'int64Data':
    case 'uint64Data':
      return { kind: 'integers', values: proto[field] };
    case 'floatData':
    case 'int32Data':
    case 'doubleData':
      return { kind: 'numbers', values: proto[field] };
  }
}

export function decodeSparseTensor(proto: SparseTensorProto, where: string): SparseTensor {
  if (!proto.values || !proto.indices) throw new OnnxError('HF_ONNX_TYPE', 'values or indices are missing', { where });
  return {
    values: decodeTensor(proto.values, `${where}, sparse tensor`),
    indices: decodeTensor(proto.indices, `${where}, indices`),
    dims: proto.dims.map((size) => numberOf(size, 'HF_ONNX_TENSOR_SIZE', where)),
  };
}
