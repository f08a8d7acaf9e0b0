import { hash } from 'node:crypto';

/** What is kept of a request: digests, never what was sent or answered. */
export interface RequestEntry {
  /** Also in the problem that the caller got. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly model: string;
  /** Digest of the artifact that answered. */
  readonly artifact: string;
  readonly caller: string;
  readonly operation: string;
  readonly rows: number;
  readonly status: number;
  /** SHA-256 of both bodies, in hex; empty where there was none. */
  readonly request: string;
  readonly answer: string;
  /** Rules of protections that spoke, and the code of a problem. */
  readonly said: readonly string[];
  /** Of an answer that comes piece by piece. */
  readonly stream?: StreamEntry;
}

/**
 * A stream has two entries with one `id`: `begun` (its `status` 0: nothing is known of it yet) before its first byte, then `whole` before its last, or `cut` when something kept it
 * from going on; one without the second was cut by the end of the gateway. `tokens` is what the model server says of its answer.
 */
export type StreamEntry =
  | { readonly state: 'begun' }
  | { readonly state: 'whole' | 'cut'; readonly frames: number; readonly bytes: number; readonly tokens?: number };

/** The digest before the first entry of a log. */
export const firstDigest = '0'.repeat(64);

/**
 * An entry as it is written: one line of JSON that holds the digest of the line before it.
 * @param before SHA-256 of the line before, in hex, its line break not counted
 */
export function entryLine(entry: RequestEntry, sequence: number, before: string): string {
  return JSON.stringify({ sequence, before, ...entry });
}

export const lineDigest = (line: string): string => hash('sha256', line, 'hex');
