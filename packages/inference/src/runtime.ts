import type * as OnnxRuntime from 'onnxruntime-common';
import { InferenceError } from './errors.ts';
import type { FedType } from './tensor-data.ts';

export type Runtime = typeof OnnxRuntime;
export type { InferenceSession, Tensor } from 'onnxruntime-common';

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
    const loaded = await import('onnxruntime-node');
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
} as const satisfies Record<FedType, OnnxRuntime.Tensor.Type>;

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
