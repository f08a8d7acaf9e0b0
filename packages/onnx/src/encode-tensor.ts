import { create } from '@bufbuild/protobuf';
import { factsOf } from './data-type.ts';
import { documentation, encodePairs, text } from './encode-text.ts';
import { OnnxError } from './errors.ts';
import {
  type SparseTensorProto,
  SparseTensorProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from './generated/onnx_pb.ts';
import type { ExternalData, SparseTensor, Tensor } from './tensor.ts';

export function encodeTensor(tensor: Tensor): TensorProto {
  return create(TensorProtoSchema, {
    dims: tensor.dims.map(BigInt),
    dataType: factsOf(tensor.dataType).code,
    ...text('name', tensor.name),
    ...contentField(tensor),
    ...documentation(tensor),
  });
}

function contentField({ content, dataType }: Tensor) {
  switch (content.kind) {
    case 'raw':
      return { rawData: content.bytes as Uint8Array<ArrayBuffer> };
    case 'omitted':
      throw new OnnxError('HF_ONNX_NO_VALUES', 'an outline has no weights that could be written');
    case 'external':
      return {
        externalData: encodePairs(externalPairs(content.data)),
        dataLocation: TensorProto_DataLocation.EXTERNAL,
      };
    case 'numbers':
    case 'integers':
    case 'strings':
      return { [factsOf(dataType).listField]: [...content.values] };
  }
}

function externalPairs(data: ExternalData): ReadonlyMap<string, string> {
  return new Map(Object.entries(data).map(([key, value]) => [key, String(value)]));
}

export function encodeSparseTensor({ values, indices, dims }: SparseTensor): SparseTensorProto {
  return create(SparseTensorProtoSchema, {
    values: encodeTensor(values),
    indices: encodeTensor(indices),
    dims: dims.map(BigInt),
  });
}
