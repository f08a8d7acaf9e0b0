import type { DataType } from './data-type.ts';
import type { DeviceConfigurationProto, NodeDeviceConfigurationProto, TrainingInfoProto } from './generated/onnx_pb.ts';
import type { SparseTensor, Tensor } from './tensor.ts';

/*
 * A model in ONNX's own words: https://github.com/onnx/onnx/blob/main/docs/IR.md. Nothing that the file says is left
 * out; what Holdfast never looks into (training graphs, device placement) is kept as it was decoded.
 */

/** What most parts of a model may carry for humans and tools. */
export interface Documented {
  readonly doc?: string;
  readonly metadata?: ReadonlyMap<string, string>;
}

export interface Model extends Documented {
  readonly irVersion: number;
  /** Operator set versions by domain; the standard operators have the domain `''`. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: bigint;
  readonly graph: Graph;
  readonly functions: readonly FunctionDefinition[];
  readonly trainingInfo: readonly TrainingInfoProto[];
  readonly configuration: readonly DeviceConfigurationProto[];
}

export interface Graph extends Documented {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Constant values, by name. */
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly sparseInitializers: ReadonlyMap<string, SparseTensor>;
  /** In topological order. */
  readonly nodes: readonly Node[];
  readonly valueInfo: readonly ValueInfo[];
  readonly quantization: readonly QuantizationAnnotation[];
}

export interface QuantizationAnnotation {
  readonly tensorName: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Node extends Documented {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly overload: string;
  /** Names of values; `''` stands for an optional input or output that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly deviceConfigurations: readonly NodeDeviceConfigurationProto[];
}

/** What an attribute can hold, by AttributeProto.AttributeType. */
export interface AttributeValues {
  readonly FLOAT: number;
  readonly INT: bigint;
  readonly STRING: Uint8Array;
  readonly TENSOR: Tensor;
  readonly GRAPH: Graph;
  readonly SPARSE_TENSOR: SparseTensor;
  readonly TYPE_PROTO: ValueType;
  readonly FLOATS: readonly number[];
  readonly INTS: readonly bigint[];
  readonly STRINGS: readonly Uint8Array[];
  readonly TENSORS: readonly Tensor[];
  readonly GRAPHS: readonly Graph[];
  readonly SPARSE_TENSORS: readonly SparseTensor[];
  readonly TYPE_PROTOS: readonly ValueType[];
}
export type AttributeType = keyof AttributeValues;

/** An attribute with its value; inside a function, also one that refers to an attribute of the function. */
export type Attribute = AttributeWithValue | AttributeReference;
export type AttributeWithValue = {
  [Type in AttributeType]: { readonly type: Type; readonly value: AttributeValues[Type]; readonly doc?: string };
}[AttributeType];
export interface AttributeReference {
  readonly type: 'REFERENCE';
  /** The attribute of the function. */
  readonly to: string;
  readonly of: AttributeType;
  readonly doc?: string;
}

/** A name and its type: an input, an output, or a value between. */
export interface ValueInfo extends Documented {
  readonly name: string;
  readonly type?: ValueType;
}

/** One dimension: its size, its symbolic name, or `null` where nothing is said. */
export type Dimension = number | string | null;

/** The type of a value (TypeProto). */
export type ValueType = { readonly denotation?: string } & (
  | {
      readonly kind: 'tensor' | 'sparse-tensor';
      readonly elementType: DataType;
      /** Absent: not even the rank is known. */
      readonly shape?: readonly Dimension[];
      /** What each dimension stands for, where any is named. */
      readonly dimensionDenotations?: readonly string[];
    }
  | { readonly kind: 'sequence' | 'optional'; readonly of?: ValueType }
  | { readonly kind: 'map'; readonly key: DataType; readonly value?: ValueType }
  | { readonly kind: 'opaque'; readonly domain: string; readonly name: string }
);

/** A model-local function: an operator that is made of others. */
export interface FunctionDefinition extends Documented {
  readonly domain: string;
  readonly name: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes without a default. */
  readonly attributeNames: readonly string[];
  /** Attributes with a default. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly nodes: readonly Node[];
  readonly opsets: ReadonlyMap<string, number>;
  readonly valueInfo: readonly ValueInfo[];
}
