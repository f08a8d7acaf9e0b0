import { InferenceError } from '../errors.ts';
import type { Judged } from './spans.ts';

/**
 * The most probable label of a token and its probability: softmax over its logits.
 * @param from where the logits of the token begin
 * @throws InferenceError HF_INFERENCE_CLASSIFIER if one of them is no finite number
 */
export function judge(logits: Float32Array, from: number, labels: number): Judged {
  let [label, largest] = [0, Number.NEGATIVE_INFINITY];
  for (let each = 0; each < labels; each += 1) {
    const logit = logits[from + each] ?? Number.NaN;
    if (!Number.isFinite(logit)) {
      throw new InferenceError('HF_INFERENCE_CLASSIFIER', `the model gives \`${logit}\`, which is no probability`);
    }
    if (logit > largest) [label, largest] = [each, logit];
  }
  let sum = 0;
  for (let each = 0; each < labels; each += 1) sum += Math.exp((logits[from + each] ?? 0) - largest);
  return { label, score: 1 / sum };
}
