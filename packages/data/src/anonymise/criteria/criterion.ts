import type { Histograms } from '../search/histograms.ts';

/** What every class of rows has to fulfil; classes that do not are suppressed. */
export interface Criterion {
  /** One line: `5-anonymity`, `entropy 3-diversity of disease`. */
  readonly name: string;
  /** Index of the sensitive attribute that it is about; undefined of k-anonymity. */
  readonly sensitive?: number;
  /**
   * Whether a class that fulfils it does so after any other class is joined with it. What only holds of a class that was made of
   * fulfilling ones (entropy, recursive diversity, closeness) is not.
   */
  readonly isKept: boolean;
  /** Different sensitive values that a class needs at least, whatever they are: a weaker criterion that is kept. */
  readonly different: number;
  /** Whether a class fulfils it. */
  holds(histograms: Histograms | undefined, id: number, rows: number): boolean;
}

/** k-anonymity (Samarati and Sweeney, 1998): every class has at least k rows. */
export const anonymity = (k: number): Criterion => ({
  name: `${k}-anonymity`,
  isKept: true,
  different: 1,
  holds: (_, __, rows) => rows >= k,
});
