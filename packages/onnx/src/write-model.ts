import { toBinary } from '@bufbuild/protobuf';
import { checkModel } from './check-model.ts';
import { encodeModel } from './encode-model.ts';
import { OnnxError } from './errors.ts';
import { ModelProtoSchema } from './generated/onnx_pb.ts';
import type { Model } from './graph.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { InMemory } from './random-access.ts';
import { checkWire } from './wire.ts';

/**
 * Writes a model as an ONNX file. The model is checked as {@link readModel} checks it, so that what is written can be
 * read. The same model gives the same bytes.
 * @throws OnnxError
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises';
 * import { readModel, writeModel } from '@holdfast/onnx';
 * await writeFile('copy.onnx', writeModel(readModel(await readFile('model.onnx'))));
 * ```
 */
export function writeModel(model: Model, limits: Partial<Limits> = {}): Uint8Array {
  const all: Limits = { ...defaultLimits, ...limits };
  checkModel(model, all);
  const bytes = encode(model);
  checkWire(new InMemory(bytes), ModelProtoSchema, all);
  return bytes;
}

function encode(model: Model): Uint8Array {
  try {
    return toBinary(ModelProtoSchema, encodeModel(model));
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    throw new OnnxError('HF_ONNX_TYPE', 'a value does not fit its field', { cause });
  }
}
