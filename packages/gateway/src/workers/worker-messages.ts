import type { LogSegment } from '../log/request-log.ts';

/** What a supervisor tells a process that serves. */
export type ToWorker =
  /** First of all: what it is called, and what it serves. */
  | { readonly kind: 'start'; readonly name: string; readonly setup: unknown }
  /** Comes with a connection. */
  | { readonly kind: 'connection'; readonly place: number }
  | { readonly kind: 'decided'; readonly call: number; readonly decisions: unknown }
  /** Lets what is on its way end, and ends. */
  | { readonly kind: 'drain' };

/** What a process that serves tells its supervisor. */
export type FromWorker =
  /** It takes connections. */
  | { readonly kind: 'ready' }
  /** It cannot begin with what it was given. */
  | { readonly kind: 'failed'; readonly message: string }
  /** It has a connection, of which nothing has been read before. */
  | { readonly kind: 'taken'; readonly place: number }
  | { readonly kind: 'decide'; readonly call: number }
  | { readonly kind: 'ended'; readonly segment: LogSegment }
  | { readonly kind: 'told'; readonly line: string }
  /** What it did since it said so last. */
  | { readonly kind: 'tally'; readonly answered: number; readonly codes: Readonly<Record<string, number>> };

export const isFromWorker = (message: unknown): message is FromWorker =>
  typeof message === 'object' && message !== null && typeof (message as { kind?: unknown }).kind === 'string';
