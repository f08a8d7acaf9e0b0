import type { Caller } from '../callers/caller.ts';

/** What one request takes. */
export interface Cost {
  readonly requests: number;
  readonly rows: number;
  /** In units of the route, as declared. */
  readonly cost: number;
}

/**
 * Whether a request may go on. When not, `retryAfter` says after how many seconds it may if nobody else takes anything; it is absent
 * where it never may, because it takes more at once than the quota holds.
 */
export type Grant =
  | { readonly isGranted: true; readonly left: number }
  | { readonly isGranted: false; readonly retryAfter?: number; readonly quota: string };

/** Counts what callers use, here or together with other replicas. All of a request's quotas grant it, or none is touched. */
export interface Quotas {
  take(caller: Caller, model: string, cost: Cost, nowMs: number): Grant | Promise<Grant>;
  close(): Promise<void>;
}
