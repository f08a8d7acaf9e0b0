import type { FrameLimits } from './frames.ts';

/** What one stream may take; its bytes are bounded as those of every answer. */
export interface StreamLimits extends FrameLimits {
  /** Milliseconds from one whole frame to the next; those in which the caller takes nothing do not count. */
  readonly betweenMs: number;
  /** Milliseconds from the request to the end. */
  readonly totalMs: number;
}

export const defaultStreamLimits: StreamLimits = {
  ...{ frames: 100_000, frameBytes: 256 * 1024 },
  ...{ betweenMs: 30_000, totalMs: 600_000 },
};
