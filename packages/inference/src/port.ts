import type { DataType, Dimension } from '@holdfast/onnx';
import { InferenceError, shown } from './errors.ts';
import { type InferenceSession, typeOfWord, type ValueMetadata } from './runtime.ts';

/** An input or an output of a model: a tensor with a name. */
export interface Port {
  readonly name: string;
  readonly type: DataType;
  /** Its size, its symbolic name, or `null` where the model says nothing. */
  readonly dims: readonly Dimension[];
}

/**
 * The inputs of a session.
 * @throws InferenceError HF_INFERENCE_TYPE if one is no tensor
 */
export function inputPorts(session: InferenceSession): Port[] {
  return session.inputMetadata.map((metadata) => {
    const port = portOf(metadata);
    if (port !== undefined) return port;
    throw new InferenceError('HF_INFERENCE_TYPE', `the input ${shown(metadata.name)} is no tensor that can be fed`, {
      where: metadata.name,
    });
  });
}

/** The outputs of a session that are tensors: a sequence of maps, as ZipMap gives it, never comes to Node. */
export function outputPorts(session: InferenceSession): Port[] {
  return session.outputMetadata.flatMap((metadata) => portOf(metadata) ?? []);
}

function portOf(metadata: ValueMetadata): Port | undefined {
  if (!metadata.isTensor || metadata.type === undefined) return undefined;
  const type = typeOfWord(metadata.type);
  if (type === undefined) return undefined;
  return { name: metadata.name, type, dims: (metadata.shape ?? []).map((size) => (size === '' ? null : size)) };
}
