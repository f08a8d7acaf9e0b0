import type { Format } from '../format.ts';
import { checkpoint } from './checkpoint/format.ts';
import { compressed } from './compressed/formats.ts';
import { gguf } from './gguf/format.ts';
import { hdf5 } from './hdf5/format.ts';
import { jinja } from './jinja/format.ts';
import { json } from './json/format.ts';
import { knownFormats } from './known/format.ts';
import { numpy } from './numpy/format.ts';
import { onnx } from './onnx/format.ts';
import { pickle } from './pickle/format.ts';
import { pytorchLegacy } from './pytorch-legacy/format.ts';
import { safetensors } from './safetensors/format.ts';
import { fingerprint } from './savedmodel/fingerprint.ts';
import { graphDef, savedModel } from './savedmodel/format.ts';
import { kerasMetadata } from './savedmodel/keras-metadata.ts';
import { sentencepiece } from './sentencepiece/format.ts';
import { sevenZip } from './seven-zip/format.ts';
import { tar } from './tar/format.ts';
import { text } from './text/format.ts';
import { ubjson } from './ubjson/format.ts';
import { zip } from './zip/format.ts';

/** Every format that can be told from its bytes. Order matters among those that are only possible: text comes last. */
export const formats: readonly Format[] = [
  ...[safetensors, gguf, numpy, zip, tar, sevenZip, onnx, hdf5],
  ...compressed,
  ...[savedModel, graphDef, kerasMetadata, fingerprint, checkpoint, sentencepiece, ubjson],
  ...knownFormats,
  ...[pytorchLegacy, pickle],
  ...[jinja, json, text],
];
