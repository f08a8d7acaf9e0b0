export type { Caller, Credentials } from './callers/caller.ts';
export { GatewayError, type GatewayErrorCode, type GatewayErrorOptions, gatewayErrors } from './errors.ts';
export type { InferenceRequest, InferenceResponse, NamedTensor } from './protocols/inference.ts';
