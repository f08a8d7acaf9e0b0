import { InferenceError, type InferenceErrorCode } from './errors.ts';

/** What the runtime says, by the code that it means: the first that fits. */
const meanings: readonly (readonly [RegExp, InferenceErrorCode])[] = [
  [
    /bad_alloc|failed to allocate|out of memory|array buffer allocation failed|invalid (?:typed )?array length/i,
    'HF_INFERENCE_MEMORY',
  ],
  [/unsupported data type/i, 'HF_INFERENCE_TYPE'],
  [/external data|external_data|escapes|model directory/i, 'HF_INFERENCE_EXTERNAL'],
];

/** What ONNX Runtime threw, as an error with a code: `otherwise` where its words say nothing more precise. */
export function refusal(cause: unknown, otherwise: InferenceErrorCode, said: string): InferenceError {
  const words = wordsOf(cause);
  const code = meanings.find(([pattern]) => pattern.test(words))?.[1] ?? otherwise;
  return new InferenceError(code, `${said}: ${words}`, { cause });
}

/** One line of what the runtime says, without where its own source says it, and nothing that a terminal would obey. */
function wordsOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const plain = text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/\S*\/onnxruntime\/\S+ \S+ .*?(?=\[ONNXRuntimeError\]|$)/g, '')
    .trim();
  return plain.length > 400 ? `${plain.slice(0, 400)}…` : plain;
}
