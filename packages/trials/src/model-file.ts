import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { externalFiles } from '@holdfast/inference';
import {
  defaultLimits,
  type ExternalData,
  externalBytes,
  type Model,
  OnnxError,
  readModel,
  withExternalData,
  writeModel,
} from '@holdfast/onnx';
import { TrialsError } from './errors.ts';

/** A model file that is read, and where its external data lies. */
export interface ModelFile {
  /** The file, without its external data. */
  readonly bytes: Uint8Array;
  /** What it says; weights that lie beside it stay there. */
  readonly model: Model;
  /** Absent where the model was given as bytes. */
  readonly folder?: string;
}

/**
 * What a model and its gradient take of memory, for each byte of its weights: the runtime packs them for the session of the file
 * and twice for that of the gradient, and maps the file while it does so. Measured: 3.2.
 */
export const memoryFactor = 4;

/**
 * Reads a model. Of a file whose weights lie beside it only its graph comes into the memory of Node: the runtime maps them.
 * @param source the bytes of an ONNX file, or its path
 * @param memory bytes that the model may take; what the machine has left unless given
 * @throws OnnxError; TrialsError HF_TRIALS_MODEL if the file cannot be read or is larger than ONNX allows, HF_TRIALS_MEMORY if
 * it is too large for this machine
 */
export function readModelFile(source: Uint8Array | string, memory: number = process.availableMemory()): ModelFile {
  const bytes = typeof source === 'string' ? bytesOf(source, memory) : source;
  const model = readModel(bytes);
  requireMemory(bytes.length + externalBytes(model), memory);
  return typeof source === 'string' ? { bytes, model, folder: dirname(source) } : { bytes, model };
}

/**
 * The model of a file with all of its weights in it, as whoever changes them needs it: read once, and not copied.
 * @throws OnnxError HF_ONNX_NO_VALUES if a file beside it is missing or too short
 */
export function modelWithWeights({ model, folder }: ModelFile): Model {
  return folder === undefined ? model : withExternalData(model, (data, length) => external(folder, data, length));
}

/**
 * The bytes of such a file: the file itself, where no weights lie beside it.
 * @throws OnnxError HF_ONNX_NO_VALUES; InferenceError HF_INFERENCE_EXTERNAL
 */
export function bytesWithWeights(file: ModelFile): Uint8Array {
  const isWhole = externalFiles(file.bytes, file.folder).length === 0;
  return isWhole ? file.bytes : writeModel(modelWithWeights(file));
}

function requireMemory(weights: number, memory: number): void {
  const needed = weights * memoryFactor;
  if (needed <= memory) return;
  const [has, needs] = [memory, needed].map((size) => `${(size / 2 ** 30).toFixed(1)} GiB`);
  throw new TrialsError(
    'HF_TRIALS_MEMORY',
    `the model and its gradient take about ${needs ?? ''}, there are ${has ?? ''}`,
  );
}

function bytesOf(path: string, memory: number): Uint8Array {
  try {
    return withFile(path, true, (file, size) => {
      if (size > defaultLimits.fileBytes) {
        throw new TrialsError('HF_TRIALS_MODEL', `\`${path}\` has ${size} bytes: an ONNX file has 2 GiB at most`, {
          fix: 'export the model with its weights beside it: `external_data=True` of torch.onnx.export',
        });
      }
      requireMemory(size, memory);
      return piece(file, 0, size);
    });
  } catch (cause) {
    if (cause instanceof TrialsError) throw cause;
    throw new TrialsError('HF_TRIALS_MODEL', `\`${path}\` cannot be read: ${reason(cause)}`, {
      fix: 'give the path of an ONNX file',
      cause,
    });
  }
}

/** A piece of a file beside the model; links are not followed. */
function external(folder: string, { location, offset = 0 }: ExternalData, length: number): Uint8Array {
  try {
    return withFile(join(folder, location), false, (file, size) => {
      if (offset + length > size) throw new Error('it is shorter than the model says');
      return piece(file, offset, length);
    });
  } catch (cause) {
    throw new OnnxError('HF_ONNX_NO_VALUES', `the external data \`${location}\` cannot be read: ${reason(cause)}`, {
      fix: 'put the files that were exported with the model beside it',
      cause,
    });
  }
}

function withFile<T>(path: string, links: boolean, use: (file: number, size: number) => T): T {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (links ? 0 : constants.O_NOFOLLOW));
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) throw new Error('it is not a file');
    return use(file, facts.size);
  } finally {
    closeSync(file);
  }
}

function piece(file: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, offset + read);
    if (count === 0) throw new Error('it becomes shorter while it is read');
    read += count;
  }
  return bytes;
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? message;
}
