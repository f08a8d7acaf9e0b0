import type { Finding } from '@holdfast/evidence/check';
import type { ScanRule } from './verdict.ts';

/** One step on the way to a finding: what was done where. */
export interface Step {
  /** Offset in bytes within the part. */
  readonly at: number;
  /** `REDUCE`, `STACK_GLOBAL` … or the key, node or field of the format. */
  readonly operation: string;
  /** What it did, in the words of the format: `os.system("…")`. */
  readonly text: string;
}

/** What is known about a finding beside its rule. */
export interface About {
  /** A lower-case sentence, with what comes from the file in backticks through {@link shown}. */
  readonly message: string;
  /** Offset in bytes within the part. */
  readonly at?: number;
  /** A place that is no offset: a key, a node. */
  readonly within?: string;
  /** What it calls or reaches, for the line of the file: `os.system`. */
  readonly reaches?: string;
  /** When it would happen: `as soon as torch.load() opens the file`. */
  readonly when?: string;
  /** The steps that lead to it, first to last. */
  readonly trail?: readonly Step[];
  /** Instead of the rule's. */
  readonly fix?: string;
}

/** A finding of the scan: what goes into the evidence, and what `--explain` tells. */
export interface ScanFinding extends Finding, Omit<About, 'message' | 'fix'> {
  readonly verdict: ScanRule['verdict'];
  /** Names of the parts from the file down to the one it is in; the file itself is not among them. */
  readonly part: readonly string[];
}

/** What was not looked at, or could not be understood. */
export interface Left {
  readonly part: readonly string[];
  readonly at?: number;
  /** A lower-case sentence. */
  readonly reason: string;
  readonly fix?: string;
}

/** A text from a file as a message shows it: in backticks, short, without what a terminal would obey. */
export function shown(text: string, length = 80): string {
  const safe = Array.from(text.slice(0, length + 1), (character) =>
    /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? '\u{FFFD}' : character,
  );
  return `\`${safe.slice(0, length).join('')}${safe.length > length ? '…' : ''}\``;
}
