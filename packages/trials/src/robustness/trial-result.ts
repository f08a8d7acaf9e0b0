import type { Finding } from '@holdfast/evidence/check';
import type { RobustnessOptions } from './options.ts';
import type { RowResult } from './row-result.ts';
import type { Shard } from './shard.ts';
import type { Software } from './software.ts';

/** What was attacked, and with which samples. */
export interface Subject {
  /** `sha256:…` of the ONNX file. */
  readonly model: string;
  /** Of the file or the folder with the samples: `sha256:…`. */
  readonly data: string;
  /** Rows of that file. */
  readonly total: number;
  /** Of one sample. */
  readonly dims: readonly number[];
  readonly classes: number;
  /** What the classes are called, where the samples say so. */
  readonly classNames?: readonly string[];
}

/** Rows that an attack broke, one behind the other. */
export interface ChangedRows {
  /** In the file. */
  readonly rows: readonly number[];
  /** [N·size] */
  readonly original: Float32Array;
  /** [N·size] */
  readonly changed: Float32Array;
}

/** What a trial came to, before it is put into words. */
export interface TrialResult {
  readonly options: RobustnessOptions;
  readonly subject: Subject;
  readonly software: Software;
  /** The attacks, in the order in which they ran. */
  readonly members: readonly { readonly name: string; readonly usesGradient: boolean }[];
  /** Radii of {@link RowResult.at}; the last is the widest. None where the model has no gradient. */
  readonly radii: readonly number[];
  /** Rows that the trial is about: the first of the file. */
  readonly asked: number;
  /** Those that were looked at, in the order of the file. */
  readonly rows: readonly RowResult[];
  readonly changed: ChangedRows;
  /** What speaks against the suite as a measure of this model; of shards, the one with the first rows has them. */
  readonly signs: readonly Finding[];
  /** The part of the trial that this is. */
  readonly shard?: Shard;
  /** It was told to stop before it had done its part. */
  readonly isInterrupted: boolean;
}

/** Whether nothing is missing. */
export const isWhole = ({ rows, asked }: TrialResult): boolean => rows.length === asked;

/** Rows that each attack was tried on, and that it broke. */
export function memberCounts({
  members,
  rows,
}: TrialResult): { name: string; usesGradient: boolean; tried: number; broke: number }[] {
  let left = rows.filter(({ clean, label }) => clean === label);
  return members.map((member) => {
    const tried = left.length;
    left = left.filter(({ brokenBy }) => brokenBy !== member.name);
    return { ...member, tried, broke: tried - left.length };
  });
}
