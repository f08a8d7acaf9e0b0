import type { Tuning } from './response-policy.ts';

/** Why thresholds move: people called alarms false, or an attack is going on. */
export type TuningReason = 'false-alarms' | 'under-attack';

/** A change of the thresholds of all callers: recorded, each of them. */
export interface TuningChange {
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
  readonly reason: TuningReason;
}

/**
 * One step of the factor that thresholds are multiplied by: up for false alarms, down under attack; never beyond its bounds, never against its direction.
 * @returns undefined where nothing changes
 */
export function tune(
  { least, most, step, direction }: Tuning,
  factor: number,
  { reason, nowMs }: { readonly reason: TuningReason; readonly nowMs: number },
): TuningChange | undefined {
  const isMilder = reason === 'false-alarms';
  if (direction !== 'both' && (direction === 'milder') !== isMilder) return undefined;
  const to = Math.min(most, Math.max(least, isMilder ? factor * step : factor / step));
  return to === factor ? undefined : { from: factor, to, atMs: nowMs, reason };
}
