import { InferenceError, type InferenceErrorCode } from './errors.ts';

/** What the runtime says, by the code that it means: the first that fits. */
const meanings: readonly (readonly [RegExp, InferenceErrorCode])[] = [
  [
    /bad_alloc|failed to allocate|out of memory|allocation failed|invalid (?:typed )?array length/i,
    'HF_INFERENCE_MEMORY',
  ],
  [/unsupported data type/i, 'HF_INFERENCE_TYPE'],
  [/webgpu adapter|webgpu device|dawn|execution provider .* not|backend not found/i, 'HF_INFERENCE_PROVIDER'],
  [/external data|external initializer/i, 'HF_INFERENCE_EXTERNAL'],
];

/** What ONNX Runtime threw, as an error with a code: `otherwise` where its words say nothing more precise. */
export function refusal(cause: unknown, otherwise: InferenceErrorCode, said: string): InferenceError {
  const words = wordsOf(cause);
  const code = meanings.find(([pattern]) => pattern.test(words))?.[1] ?? otherwise;
  return new InferenceError(code, `${said}: ${words}`, { cause });
}

/** Where in the runtime's own source something was noticed: a file with its line, and the signature of a function. */
const places: readonly RegExp[] = [
  /\S*onnxruntime_src\S+ /g,
  /(?:[\w:*&<>]*[\w*&>] )?onnxruntime::[\w:~]+\((?:[^()]|\([^()]*\))*\)(?: const)?(?:::<lambda\(\)>)? /g,
  /\w+\.cc:\d+ \w+ /g,
];

/** One line of what the runtime says, without what only its authors understand, and nothing that a terminal would obey. */
function wordsOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const plain = places.reduce((rest, place) => rest.replaceAll(place, ''), line.slice(0, 2000));
  return plain.length > 400 ? `${plain.slice(0, 400)}…` : plain;
}
