import { InferenceError } from '../errors.ts';
import { classifierLimits as limits } from './limits.ts';

/** The files of a model, wherever they lie. */
export interface ClassifierFiles {
  /** Posix paths, relative to the folder. */
  readonly names: readonly string[];
  /** All bytes of one of them. Throws where it is larger than `limit`. */
  read(name: string, limit: number): Promise<Uint8Array>;
}

export interface ClassifierBytes {
  readonly model: Uint8Array;
  readonly tokenizer: Uint8Array;
  readonly config: Uint8Array;
  /** Absent where there is none. */
  readonly tokenizerConfig?: Uint8Array;
}

/**
 * Reads what a token classifier is made of: `model.onnx` or `onnx/model.onnx`, `tokenizer.json`, `config.json` and, where it is
 * there, `tokenizer_config.json`, as optimum writes them.
 * @throws InferenceError HF_INFERENCE_CLASSIFIER if one is not there
 */
export async function readClassifier(files: ClassifierFiles): Promise<ClassifierBytes> {
  const { names } = files;
  const model = ['model.onnx', 'onnx/model.onnx'].filter((name) => names.includes(name));
  if (model.length === 2) refuse('the folder has both `model.onnx` and `onnx/model.onnx`');
  const missing = [model[0] ?? 'model.onnx', 'tokenizer.json', 'config.json'].find((name) => !names.includes(name));
  if (missing !== undefined) refuse(`the folder has no \`${missing}\``);
  const bytes = {
    config: await files.read('config.json', limits.configBytes),
    tokenizer: await files.read('tokenizer.json', limits.tokenizerBytes),
    model: await files.read(model[0] ?? '', limits.modelBytes),
  };
  if (!names.includes('tokenizer_config.json')) return bytes;
  return { ...bytes, tokenizerConfig: await files.read('tokenizer_config.json', limits.configBytes) };
}

function refuse(message: string): never {
  throw new InferenceError('HF_INFERENCE_CLASSIFIER', message);
}
