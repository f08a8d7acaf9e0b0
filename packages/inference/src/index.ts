export { InferenceError, type InferenceErrorCode, inferenceErrors } from './errors.ts';
export { externalFiles } from './external-data.ts';
export type { Port } from './port.ts';
export { runtimeVersion } from './runtime-version.ts';
export { openSession, type Session, type SessionOptions } from './session.ts';
export type { TensorData, TensorElements } from './tensor-data.ts';
