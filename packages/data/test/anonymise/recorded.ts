import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedOptimum {
  readonly score: number;
  /** All nodes that lose as little. */
  readonly nodes: readonly { readonly levels: readonly number[]; readonly suppressed: number }[];
}

/** By what was asked for, and by utility. */
export type RecordedOptima = Readonly<Record<string, Readonly<Record<string, RecordedOptimum>>>>;

/** What `tools/peers/record-anonymise.py` found out about the census. */
export const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as {
  readonly versions: Readonly<Record<string, string>>;
  /** `k limit`: k rows alike, and the share of the rows that may be suppressed. */
  readonly anonymity: { readonly quasi: readonly string[]; readonly found: RecordedOptima };
  /** `kind … limit`: with 5 rows alike. */
  readonly guarded: {
    readonly quasi: readonly string[];
    readonly sensitive: string;
    readonly k: number;
    readonly found: RecordedOptima;
    readonly pycanon: readonly {
      readonly asked: string;
      readonly levels: readonly number[];
      readonly k: number;
      readonly l: number;
      readonly entropy: number;
      readonly recursive: { readonly c: number; readonly l: number };
      readonly t: number;
    }[];
  };
};
