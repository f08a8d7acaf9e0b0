import { rounded } from './class-scores.ts';
import type { RowHardening } from './hardening.ts';
import type { Precision } from './precision.ts';

/**
 * One score of the second of two classes: it stays on its side of the middle, where either class is as likely, or there.
 * @param score a probability, middle 0.5, or a logit, middle 0
 */
export function hardenSingle(score: number, of: RowHardening, precision: Precision): number {
  if (Number.isNaN(score)) return score;
  const middle = of.isLogits ? 0 : 0.5;
  const side = Math.sign(score - middle);
  const label = side === 0 ? middle : middle + side * (of.isLogits ? 1 : 0.5);
  if (of.labelOnly || (!of.isLogits && !(score >= -1e-6 && score <= 1 + 1e-6))) return label;
  const { mostConfidence: most } = of;
  const furthest = of.isLogits ? Math.log(most / (1 - most)) : most - 0.5;
  const clipped = middle + side * Math.min(Math.abs(score - middle), furthest);
  const shown = precision(rounded(clipped, of.parts));
  if (of.mayChangeTop || Math.sign(shown - middle) === side) return shown;
  const stepped = of.parts === 0 ? label : precision(middle + side / of.parts);
  return Math.sign(stepped - middle) === side && (of.isLogits || (stepped >= 0 && stepped <= 1)) ? stepped : label;
}
