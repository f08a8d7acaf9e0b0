/** From where on the size of an effect has a name, and who says so. */
export interface Thresholds {
  readonly small: number;
  readonly medium: number;
  readonly large: number;
  readonly source: string;
}

export type Magnitude = 'negligible' | 'small' | 'medium' | 'large';

const cohen = 'J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd edition (1988)';

/**
 * What the literature calls small, medium and large. Conventions, not laws: where a smaller change does harm, ask for a smaller one.
 * @example
 * ```ts
 * import { effectThresholds, magnitude } from '@holdfast/statistics';
 * magnitude(-0.4, effectThresholds.cliffsDelta); // 'medium'
 * ```
 */
export const effectThresholds = {
  /** |δ|, from 0 to 1. */
  cliffsDelta: {
    small: 0.147,
    medium: 0.33,
    large: 0.474,
    source:
      'J. Romano et al., "Appropriate Statistics for Ordinal Level Data", Florida Association of Institutional Research (2006)',
  },
  /** |A - 1/2|, from 0 to 1/2. */
  commonLanguage: {
    small: 0.06,
    medium: 0.14,
    large: 0.21,
    source:
      'A. Vargha and H. D. Delaney, "A Critique and Improvement of the CL Common Language Effect Size Statistics" (2000)',
  },
  /** V of a table of two rows, which is Cohen's w, from 0 to 1. */
  cramersV: { small: 0.1, medium: 0.3, large: 0.5, source: `${cohen}, section 7.2` },
  /** |d|, in standard deviations. */
  cohensD: { small: 0.2, medium: 0.5, large: 0.8, source: `${cohen}, section 2.2` },
  /** D of two normal distributions of the same variance that are Cohen's d apart: 2 Φ(d / 2) - 1. */
  kolmogorovSmirnov: {
    small: 0.0797,
    medium: 0.1974,
    large: 0.3108,
    source: `${cohen}, section 2.2, as 2 Φ(d / 2) - 1`,
  },
  /** The index below 0.1 is called stable, above 0.25 shifted; there is no third name, so medium and large are one. */
  populationStability: {
    small: 0.1,
    medium: 0.25,
    large: 0.25,
    source: 'N. Siddiqi, "Credit Risk Scorecards" (2006)',
  },
} as const satisfies Record<string, Thresholds>;

/** The name of an effect of this size, whatever its sign. */
export function magnitude(effect: number, { small, medium, large }: Thresholds): Magnitude {
  const size = Math.abs(effect);
  if (size >= large) return 'large';
  if (size >= medium) return 'medium';
  return size >= small ? 'small' : 'negligible';
}
