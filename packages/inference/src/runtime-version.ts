import { runtime } from './runtime.ts';

/**
 * The version of ONNX Runtime that runs models here, such as `1.30.0`: another one may give other bits.
 * @throws InferenceError HF_INFERENCE_RUNTIME
 * @example
 * ```ts
 * import { runtimeVersion } from '@holdfast/inference';
 * const version = await runtimeVersion();
 * ```
 */
export async function runtimeVersion(): Promise<string> {
  const { env } = await runtime();
  return env.versions.node ?? 'unknown';
}
