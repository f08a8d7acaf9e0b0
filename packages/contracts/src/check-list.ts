import { z } from 'zod';
import { name } from './scalars.ts';
import { listOf } from './shapes.ts';
import { expected } from './wording.ts';

const options = z.record(z.string(), z.unknown(), { error: expected('a mapping of options') });

const withOptions = z
  .record(name, options, { error: expected('the name of a check, with or without options') })
  .refine((map) => Object.keys(map).length === 1, {
    error: 'names more or less than one check: begin a new item for each',
  });

/** A check as the file names it, and its options, which the check itself validates. */
export interface CheckRequest {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** One item of a list of checks: `scan`, or `{ data.validate: { suite: … } }`. Both parse to a {@link CheckRequest}. */
const check = z
  .union([name, withOptions], { error: expected('the name of a check, with or without options') })
  .transform((item): CheckRequest => {
    if (typeof item === 'string') return { name: item, options: {} };
    const [[named, given] = ['', {}]] = Object.entries(item);
    return { name: named, options: given };
  });

/** The checks of one artifact, in order. */
export const checkList = listOf(check, 'a list of checks', 256);
