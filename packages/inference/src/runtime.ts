import { InferenceError } from './errors.ts';
import type { FedType, TensorElements } from './tensor-data.ts';

/*
 * What is used of ONNX Runtime, written out: its own declarations need those of a browser, and are not there where the
 * engine is not installed (onnxruntime-common 1.30, inference-session.d.ts and tensor.d.ts).
 */

export interface Tensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: TensorElements;
}

export interface ValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface InferenceSession {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

export interface Runtime {
  readonly env: { logLevel?: string; readonly versions: { readonly node?: string } };
  readonly InferenceSession: {
    create(model: Uint8Array | string, options: Readonly<Record<string, unknown>>): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: string, data: TensorElements, dims: readonly number[]) => Tensor;
}

let loading: Promise<Runtime> | undefined;

/**
 * ONNX Runtime, loaded when it is first needed: 46 MB of native code.
 * @throws InferenceError HF_INFERENCE_RUNTIME
 */
export async function runtime(): Promise<Runtime> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Runtime> {
  try {
    const loaded = (await import('onnxruntime-node')) as unknown as Runtime;
    // What goes wrong is told by errors; nothing is written to standard error by the native side.
    loaded.env.logLevel = 'fatal';
    return loaded;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new InferenceError('HF_INFERENCE_RUNTIME', `ONNX Runtime cannot be loaded: ${reason}`, { cause });
  }
}

/** ONNX Runtime's words for the element types, as its JavaScript interface says them. */
const words = {
  FLOAT: 'float32',
  DOUBLE: 'float64',
  FLOAT16: 'float16',
  INT8: 'int8',
  UINT8: 'uint8',
  BOOL: 'bool',
  INT16: 'int16',
  UINT16: 'uint16',
  INT32: 'int32',
  UINT32: 'uint32',
  INT64: 'int64',
  UINT64: 'uint64',
  STRING: 'string',
} as const satisfies Record<FedType, string>;

const types: ReadonlyMap<string, FedType> = new Map(
  Object.entries(words).map(([type, word]) => [word, type as FedType]),
);

/** The runtime's word for an element type. */
export function wordOf(type: FedType): (typeof words)[FedType] {
  return words[type];
}

/** The element type that the runtime calls by this word, if it is one that goes in and out of a session. */
export function typeOfWord(word: string): FedType | undefined {
  return types.get(word);
}
