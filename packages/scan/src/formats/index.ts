import type { Format } from '../format.ts';
import { checkpoint } from './checkpoint/format.ts';
import { hdf5 } from './hdf5/format.ts';
import { onnx } from './onnx/format.ts';
import { safetensors } from './safetensors/format.ts';
import { fingerprint } from './savedmodel/fingerprint.ts';
import { graphDef, savedModel } from './savedmodel/format.ts';
import { kerasMetadata } from './savedmodel/keras-metadata.ts';

/** Every format that can be told from its bytes. Order matters among those that are only possible. */
export const formats: readonly Format[] = [
  ...[safetensors, onnx, hdf5],
  ...[savedModel, graphDef, kerasMetadata, fingerprint, checkpoint],
];
