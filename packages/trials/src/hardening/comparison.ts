import type { Samples, Threat } from '../attacks/attack.ts';
import type { SuiteName } from '../robustness/suite.ts';

/** What a model is measured with. */
export interface ComparisonOptions {
  readonly samples: Samples;
  /** What an attacker may do; without it nothing is attacked. */
  readonly threat?: Threat;
  readonly suite?: SuiteName;
  readonly seed?: string;
  readonly threads?: number;
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  /** Runs of each model whose time is taken (30), and rows of each (1); `false`: no time is taken. */
  readonly latency?: { readonly runs?: number; readonly rows?: number } | false;
  readonly progress?: (done: number, what: string) => void;
}

/** What a file is and does. */
export interface Measured {
  readonly bytes: number;
  /** Compressed by gzip (level 9) and by zstd (level 19). */
  readonly gzip: number;
  readonly zstd: number;
  /** Rows that are classified rightly. */
  readonly right: number;
  /** Rows that withstand every attack of the suite; absent where none was made. */
  readonly withstood?: number;
  /** Milliseconds of a run: the median, and the quartiles around it. */
  readonly latency?: { readonly median: number; readonly low: number; readonly high: number };
}

/** What a hardening cost and won: plain data. */
export interface Comparison {
  readonly rows: number;
  readonly before: Measured;
  readonly after: Measured;
}

export async function comparison(
  _before: Uint8Array,
  _after: Uint8Array,
  _options: ComparisonOptions,
): Promise<Comparison> {
  throw new Error('not yet');
}
