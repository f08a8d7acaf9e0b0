export { InferenceError, type InferenceErrorCode, inferenceErrors } from './errors.ts';
export { externalFiles } from './external-data.ts';
export { modelMetadata } from './model-metadata.ts';
export type { Port } from './port.ts';
export { runtimeVersion } from './runtime-version.ts';
export { openSession, type Session, type SessionOptions } from './session.ts';
export type { TensorData, TensorElements } from './tensor-data.ts';
export type { ClassifierFiles } from './token-classifier/classifier-files.ts';
export type { Aggregation, LabelledSpan } from './token-classifier/spans.ts';
export {
  openTokenClassifier,
  type TokenClassifier,
  type TokenClassifierOptions,
} from './token-classifier/token-classifier.ts';
export type { Token } from './token-classifier/tokenizer.ts';
