import type { Verdict } from '@holdfast/evidence/check';
import type { Beside } from './beside.ts';
import type { Left, ScanFinding } from './finding.ts';
import type { Inspection } from './inspection.ts';
import { worst } from './verdict.ts';

/** What a scan found out about one file, with all that is inside of it. */
export interface FileResult {
  /** As it was named, or relative to the folder that was scanned; posix. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** In hex, of the very bytes that were scanned; absent where hashing was not asked for or the file changed. */
  readonly sha256?: string;
  /** Name of the format; absent where it is of none that is known. */
  readonly format?: string;
  readonly verdict: Verdict;
  /** A few words: `102 tensors`, `calls os.system`. */
  readonly summary: string;
  readonly findings: readonly ScanFinding[];
  readonly left: readonly Left[];
  /** Parts inside, at all depths. */
  readonly parts: number;
  /** Files that loading it reads or runs as well. */
  readonly beside: readonly Beside[];
}

/** Sums an inspection up, worst first. */
export function resultOf(root: Inspection, file: { path: string; size: number; sha256?: string }): FileResult {
  const parts = [...partsOf(root)];
  const findings = parts.flatMap((part) => part.findings);
  const left = parts.flatMap((part) => [
    ...part.left,
    ...(part.format === undefined && part.left.length === 0 ? [{ part: part.part, reason: 'not recognised' }] : []),
  ]);
  const verdict = worst([root.verdict, ...(left.length > 0 ? (['unknown'] as const) : [])]);
  return {
    ...file,
    ...(root.format === undefined ? {} : { format: root.format }),
    ...{ verdict, summary: summaryOf(root, findings, left), findings, left, parts: parts.length - 1 },
    beside: parts.flatMap(({ beside }) => beside),
  };
}

function* partsOf(part: Inspection): Generator<Inspection> {
  yield part;
  for (const inside of part.inside) yield* partsOf(inside);
}

/** What stands behind the name on the line of the file: the worst that was found, else what it holds. */
function summaryOf(root: Inspection, findings: readonly ScanFinding[], left: readonly Left[]): string {
  for (const verdict of ['fail', 'unknown'] as const) {
    const first = findings.find((finding) => finding.verdict === verdict);
    if (first !== undefined) return first.reaches === undefined ? first.message : `calls ${first.reaches}`;
    const [unseen] = left;
    if (verdict === 'unknown' && unseen !== undefined) return [...unseen.part, unseen.reason].join(': ');
  }
  return findings[0]?.message ?? root.summary ?? root.format ?? '';
}
