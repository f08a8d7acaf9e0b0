import type { RowHardening } from './hardening.ts';
import type { Precision } from './precision.ts';

/** The first of the greatest; −1 where all are NaN. */
function topOf(scores: Float64Array): number {
  let top = -1;
  for (let at = 0; at < scores.length; at += 1) {
    const score = scores[at] as number;
    if (score > (top < 0 ? Number.NEGATIVE_INFINITY : (scores[top] as number)) || (top < 0 && !Number.isNaN(score)))
      top = at;
  }
  return top;
}

/** Whether no other is as great. */
function isAlone(scores: Float64Array, top: number): boolean {
  const greatest = scores[top] as number;
  for (let at = 0; at < scores.length; at += 1) if (at !== top && scores[at] === greatest) return false;
  return true;
}

/** Takes details out of the scores of one row, in place. */
export function hardenClasses(scores: Float64Array, of: RowHardening, precision: Precision): void {
  const top = topOf(scores);
  if (top < 0) return;
  if (of.labelOnly || (!of.isLogits && !areProbabilities(scores))) {
    showLabel(scores, top);
    return;
  }
  const wasAlone = isAlone(scores, top);
  if (of.mostConfidence < 1) clip(scores, top, of);
  if (of.topK < scores.length) keepTop(scores, top, of);
  for (let at = 0; at < scores.length; at += 1) scores[at] = precision(rounded(scores[at] as number, of.parts));
  if (of.mayChangeTop || isStill(scores, top, wasAlone)) return;
  raise(scores, top, of, precision);
  if (!isStill(scores, top, wasAlone)) showLabel(scores, top);
}

function areProbabilities(scores: Float64Array): boolean {
  for (const score of scores) if (score < -1e-6 || score > 1 + 1e-6) return false;
  return true;
}

function showLabel(scores: Float64Array, top: number): void {
  for (let at = 0; at < scores.length; at += 1) if (!Number.isNaN(scores[at])) scores[at] = at === top ? 1 : 0;
}

const isStill = (scores: Float64Array, top: number, wasAlone: boolean): boolean =>
  topOf(scores) === top && (!wasAlone || isAlone(scores, top));

export function rounded(score: number, parts: number): number {
  const scaled = Math.round(score * parts);
  return parts === 0 || !Number.isFinite(scaled) ? score : scaled / parts;
}

/** What other scores have caught up with by rounding goes one step above them. */
function raise(scores: Float64Array, top: number, { parts, isLogits }: RowHardening, precision: Precision): void {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < scores.length; at += 1) {
    if (at !== top && (scores[at] as number) > greatest) greatest = scores[at] as number;
  }
  const step = parts === 0 ? 2 ** -10 * Math.max(Math.abs(greatest), 2 ** -14) : 1 / parts;
  const raised = precision(greatest + step);
  if (isLogits || raised <= 1) scores[top] = raised;
}

/** The greatest confidence comes down to the bound; the odds of the others stay. */
function clip(scores: Float64Array, top: number, { isLogits, mostConfidence: most }: RowHardening): void {
  if (isLogits) {
    const limit = Math.log(most / (1 - most)) + logSum(scores, (at) => at !== top);
    if (limit > Number.NEGATIVE_INFINITY && (scores[top] as number) > limit) scores[top] = limit;
    return;
  }
  if (!((scores[top] as number) > most)) return;
  let [rest, others] = [0, 0];
  for (let at = 0; at < scores.length; at += 1) {
    if (at === top || Number.isNaN(scores[at])) continue;
    rest += Math.max(0, scores[at] as number);
    others += 1;
  }
  for (let at = 0; at < scores.length; at += 1) {
    if (Number.isNaN(scores[at])) continue;
    scores[at] = (1 - most) * (rest > 0 ? Math.max(0, scores[at] as number) / rest : 1 / others);
  }
  scores[top] = most;
}

/** All but the greatest k get their mean: of probabilities, or of what logits stand for. */
function keepTop(scores: Float64Array, top: number, { isLogits, topK }: RowHardening): void {
  const isKept = new Uint8Array(scores.length);
  isKept[top] = 1;
  for (let count = 1; count < topK; count += 1) {
    const next = greatestLeft(scores, isKept);
    if (next < 0) return;
    isKept[next] = 1;
  }
  let [sum, others] = [0, 0];
  for (let at = 0; at < scores.length; at += 1) {
    if (isKept[at] === 1 || Number.isNaN(scores[at])) continue;
    sum += scores[at] as number;
    others += 1;
  }
  const shared = isLogits ? logSum(scores, (at) => isKept[at] === 0) - Math.log(others) : sum / others;
  for (let at = 0; at < scores.length; at += 1) if (isKept[at] === 0 && !Number.isNaN(scores[at])) scores[at] = shared;
}

function greatestLeft(scores: Float64Array, isKept: Uint8Array): number {
  let next = -1;
  for (let at = 0; at < scores.length; at += 1) {
    if (isKept[at] === 1 || Number.isNaN(scores[at])) continue;
    if (next < 0 || (scores[at] as number) > (scores[next] as number)) next = at;
  }
  return next;
}

/** log Σ exp without overflow, of those that are chosen and not NaN. */
function logSum(scores: Float64Array, isChosen: (at: number) => boolean): number {
  let greatest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < scores.length; at += 1) {
    if (isChosen(at) && (scores[at] as number) > greatest) greatest = scores[at] as number;
  }
  if (!Number.isFinite(greatest)) return greatest;
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    if (isChosen(at) && !Number.isNaN(scores[at])) sum += Math.exp((scores[at] as number) - greatest);
  }
  return greatest + Math.log(sum);
}
