import { fromBinary } from '@bufbuild/protobuf';
import { checkModel } from './check-model.ts';
import { decodeModel } from './decode-model.ts';
import { OnnxError } from './errors.ts';
import { type ModelProto, ModelProtoSchema } from './generated/onnx_pb.ts';
import type { Model } from './graph.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { OutlineWriter } from './outline-writer.ts';
import { InMemory, type RandomAccess } from './random-access.ts';
import { checkWire } from './wire.ts';

/**
 * Reads an ONNX file (IR version 3 to 14) and checks it: within the limits, with nothing in it that is not understood,
 * every tensor as long as it says, every name produced once and before it is used, external data inside the folder.
 * It runs nothing and opens nothing. Raw weights are views into `bytes`, which must not change afterwards.
 *
 * What operators mean (their number of inputs, their types) is not checked: that takes a runtime.
 * @param bytes the whole file
 * @param limits what to accept at most; what is left out is {@link defaultLimits}
 * @throws OnnxError and nothing else
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { readModel } from '@holdfast/onnx';
 * const { graph } = readModel(await readFile('model.onnx'));
 * ```
 */
export function readModel(bytes: Uint8Array, limits: Partial<Limits> = {}): Model {
  const all: Limits = { ...defaultLimits, ...limits };
  // A Buffer is not quite a Uint8Array: its slice() does not copy.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkWire(new InMemory(plain), ModelProtoSchema, all);
  return modelOf(plain, all);
}

/**
 * Reads an ONNX file as {@link readModel} does, with the same checks and the same answers, but not its raw weights: of
 * them only the length is read. A file of 2 GiB takes the memory of its graph.
 * @param file the whole file, at any place
 * @param limits what to accept at most; what is left out is {@link defaultLimits}
 * @throws OnnxError, and what `file` throws
 * @example
 * ```ts
 * import { readOutline } from '@holdfast/onnx';
 * const bytes = new Uint8Array(2 ** 10);
 * readOutline({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });
 * ```
 */
export function readOutline(file: RandomAccess, limits: Partial<Limits> = {}): Model {
  const all: Limits = { ...defaultLimits, ...limits };
  const outline = new OutlineWriter();
  checkWire(file, ModelProtoSchema, all, outline);
  return modelOf(outline.finish(), all);
}

function modelOf(bytes: Uint8Array, limits: Limits): Model {
  const model = decodeModel(parse(bytes, limits));
  checkModel(model, limits);
  return model;
}

function parse(bytes: Uint8Array, limits: Limits): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes, { recursionLimit: limits.depth + 1 });
  } catch (cause) {
    throw new OnnxError('HF_ONNX_MALFORMED', 'the file is not an ONNX model', { cause });
  }
}
