import type { Job, JobOptions } from '../paths/job.ts';
import type { FileResult } from '../result.ts';

/** What a scanning process is told; sets and maps come through (`serialization: 'advanced'`). */
export type Order =
  | { readonly kind: 'begin'; readonly options: JobOptions }
  | { readonly kind: 'scan'; readonly index: number; readonly job: Job };

/** What it answers. */
export type Answer =
  | { readonly kind: 'progress'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'done'; readonly index: number; readonly result: FileResult };
