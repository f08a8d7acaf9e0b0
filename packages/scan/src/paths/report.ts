import type { Verdict } from '@holdfast/evidence/check';
import type { FileResult } from '../result.ts';
import type { Scanner } from '../scanner.ts';
import { worst } from '../verdict.ts';

/** What a scan found out about the paths that it was given, with nothing left out. */
export interface ScanReport {
  readonly scanner: Scanner;
  /** The worst of all files; `unknown` where there is none. */
  readonly verdict: Verdict;
  readonly paths: readonly PathReport[];
  readonly totals: Totals;
  /** How long it took. */
  readonly seconds: number;
}

/** One path, as it was named. */
export interface PathReport {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly verdict: Verdict;
  /** One for a file. For a folder in natural order, with paths relative to it; also what could not be opened. */
  readonly files: readonly FileResult[];
  /** What was left out at the top of a folder, as its digest leaves it out: `.git` and its kin. */
  readonly ignored: readonly string[];
}

export interface Totals extends Readonly<Record<Verdict, number>> {
  readonly files: number;
  readonly bytes: number;
}

/** An empty folder has nothing that could be clean. */
export function verdictOf(files: readonly FileResult[]): Verdict {
  return files.length === 0 ? 'unknown' : worst(files.map(({ verdict }) => verdict));
}

export function totalsOf(files: readonly FileResult[]): Totals {
  const count = (wanted: Verdict): number => files.filter(({ verdict }) => verdict === wanted).length;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const counts = { pass: count('pass'), warn: count('warn'), fail: count('fail'), unknown: count('unknown') };
  return { files: files.length, bytes, ...counts };
}
