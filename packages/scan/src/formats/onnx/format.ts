import type { Format } from '../../format.ts';
import { looksLikeModel } from './recognise-model.ts';
import { onnxRules } from './rules.ts';

/** https://onnx.ai/onnx/repo-docs/IR.html: a protobuf message, without a signature. */
export const onnx: Format = {
  name: 'onnx',
  title: 'ONNX model',
  extensions: ['onnx'],
  carriesCode: false,
  rules: Object.values(onnxRules),
  recognise: (source) => (looksLikeModel(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanOnnx,
};
