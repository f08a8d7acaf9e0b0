export { graphOf, modelOf, type NodeOptions, node, tensor, tensorValue } from './build.ts';
export { type DataType, dataTypes } from './data-type.ts';
export { describeModel, type ModelDescription, type ValueDescription } from './describe.ts';
export { externalBytes, type ReadExternal, withExternalData } from './embed-external.ts';
export { OnnxError, type OnnxErrorCode, onnxErrors } from './errors.ts';
export type {
  Attribute,
  AttributeReference,
  AttributeType,
  AttributeValues,
  AttributeWithValue,
  Dimension,
  Documented,
  FunctionDefinition,
  Graph,
  Model,
  Node,
  QuantizationAnnotation,
  ValueInfo,
  ValueType,
} from './graph.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { RandomAccess } from './random-access.ts';
export { readModel, readOutline } from './read-model.ts';
export {
  type ExternalData,
  elementCount,
  type SparseTensor,
  stringsOf,
  type Tensor,
  type TensorContent,
  type ValuesOf,
  valuesOf,
} from './tensor.ts';
export { writeModel } from './write-model.ts';
