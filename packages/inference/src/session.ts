import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { checkFeeds, checkFetches } from './check-feeds.ts';
import { InferenceError, shown } from './errors.ts';
import { checkExternalData } from './external-data.ts';
import { inputPorts, outputPorts, type Port } from './port.ts';
import { refusal } from './refusal.ts';
import { type InferenceSession, type Runtime, runtime, type Tensor, typeOfWord, wordOf } from './runtime.ts';
import type { arrayOf } from './tensor-data.ts';
import { isFed, type TensorData, type TensorElements } from './tensor-data.ts';

export interface SessionOptions {
  /** Threads within an operator; all cores unless given. The same number gives the same bits. */
  readonly threads?: number;
  readonly provider?: 'cpu' | 'webgpu';
  /** Where the external data lies of a model that is given as bytes. */
  readonly folder?: string;
}

/** A model that is loaded and ready to run. */
export interface Session {
  readonly inputs: readonly Port[];
  /** Those that are tensors. */
  readonly outputs: readonly Port[];
  /**
   * Runs the model once. The runtime works on the calling thread: nothing else happens in it meanwhile.
   * @param feeds a tensor for every input; its array must not change before the answer is there
   * @param fetches the outputs to give; all of them unless said
   * @throws InferenceError HF_INFERENCE_FEEDS, HF_INFERENCE_FETCHES, HF_INFERENCE_RUN, HF_INFERENCE_MEMORY,
   * HF_INFERENCE_RELEASED
   */
  run(feeds: Readonly<Record<string, TensorData>>, fetches?: readonly string[]): Promise<Record<string, TensorData>>;
  /** Frees what the runtime holds for the model, once what runs has ended. Twice does no harm. */
  release(): Promise<void>;
}

/**
 * Loads a model into ONNX Runtime, with every graph optimisation. On one machine, the same model, feeds, provider and
 * number of threads give the same bits. NaN and infinities are values, not errors.
 * External data is mapped by the runtime from its file: it does not go through the memory of Node.
 * @param model the bytes of an ONNX file, or the path of one, whose external data may lie beside it
 * @throws InferenceError
 * @example
 * ```ts
 * import { openSession } from '@holdfast/inference';
 * const session = await openSession('model.onnx', { threads: 1 });
 * const { logits } = await session.run({ x: { type: 'FLOAT', dims: [1, 2], data: Float32Array.of(0.5, 1) } });
 * await session.release();
 * ```
 */
export async function openSession(model: Uint8Array | string, options: SessionOptions = {}): Promise<Session> {
  const native = nativeOptions(options);
  checkExternalData(model, options.folder);
  const loaded = await runtime();
  try {
    return new LoadedSession(loaded, await loaded.InferenceSession.create(model, native));
  } catch (cause) {
    if (cause instanceof InferenceError) throw cause;
    const what = typeof model === 'string' ? shown(model) : 'the model';
    throw refusal(cause, 'HF_INFERENCE_MODEL', `ONNX Runtime does not load ${what}`);
  }
}

function nativeOptions({ threads = availableParallelism(), provider = 'cpu', folder }: SessionOptions) {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 1024) {
    throw new InferenceError('HF_INFERENCE_OPTIONS', `\`${threads}\` is not a number of threads from 1 to 1024`);
  }
  if (!['cpu', 'webgpu'].includes(provider)) {
    throw new InferenceError('HF_INFERENCE_OPTIONS', `there is no provider ${shown(provider)}: \`cpu\` or \`webgpu\``);
  }
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: {
      session: {
        use_deterministic_compute: '1',
        ...(folder === undefined ? {} : { model_external_initializers_file_folder_path: resolve(folder) }),
      },
    },
  } as const;
}

class LoadedSession implements Session {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly #runtime: Runtime;
  readonly #native: InferenceSession;
  #running: Promise<unknown> = Promise.resolve();
  #released: Promise<void> | undefined;

  constructor(loaded: Runtime, native: InferenceSession) {
    this.#runtime = loaded;
    this.#native = native;
    this.inputs = inputPorts(native);
    this.outputs = outputPorts(native);
  }

  async run(
    feeds: Readonly<Record<string, TensorData>>,
    fetches?: readonly string[],
  ): Promise<Record<string, TensorData>> {
    if (this.#released !== undefined) {
      throw new InferenceError('HF_INFERENCE_RELEASED', 'the session was released before it was run');
    }
    checkFeeds(this.inputs, feeds);
    const names = checkFetches(this.outputs, fetches);
    const running = this.#run(feeds, names);
    this.#running = Promise.allSettled([this.#running, running]);
    return running;
  }

  async #run(feeds: Readonly<Record<string, TensorData>>, names: readonly string[]) {
    try {
      const fed = Object.entries(feeds).map(([name, tensor]) => [name, this.#handedOver(tensor)] as const);
      const given = await this.#native.run(Object.fromEntries(fed), [...names]);
      return Object.fromEntries(names.map((name) => [name, received(given[name])]));
    } catch (cause) {
      throw refusal(cause, 'HF_INFERENCE_RUN', 'ONNX Runtime does not run the model');
    }
  }

  #handedOver({ type, dims, data }: TensorData): Tensor {
    if (!isFed(type)) throw new InferenceError('HF_INFERENCE_TYPE', `${type} cannot be fed`);
    const tensor = new this.#runtime.Tensor(wordOf(type), data, dims);
    // The interface makes a Float16Array of the bits, which its native side (1.30) takes for an empty array.
    return type === 'FLOAT16' ? Object.defineProperty(tensor, 'data', { value: data }) : tensor;
  }

  async release(): Promise<void> {
    this.#released ??= this.#running.then(async () => this.#native.release());
    return this.#released;
  }
}

function received(tensor: Tensor | undefined): TensorData {
  const type = tensor === undefined ? undefined : typeOfWord(tensor.type);
  if (tensor === undefined || type === undefined)
    throw new Error('an output is missing, or of a type that is not known');
  return { type, dims: tensor.dims, data: elementsOf(tensor, type) };
}

/** FLOAT16 comes in a Float16Array where Node has one: its bits are what is given. */
function elementsOf({ data }: Tensor, type: keyof typeof arrayOf): TensorElements {
  if (type !== 'FLOAT16' || data instanceof Uint16Array) return data;
  const { buffer, byteOffset, length } = data as Float32Array;
  return new Uint16Array(buffer, byteOffset, length);
}
