import { z } from 'zod';
import { line, sha256 } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

/** A callable by its full name; Python's identifiers may be of any script (Language Reference, 2.3). */
const callable = z
  .string({ error: expected('the full name of a callable such as `package.module.Class`') })
  .max(512, { error: 'is longer than 512 characters' })
  .regex(/^[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{M}\p{N}_]*)+$/u, {
    error: refused('is not the full name of a callable such as `package.module.Class`'),
  });

const entry = strict({
  callable: callable
    .exactOptional()
    .describe('A class or function that a model file may call, with any arguments: `package.module.Class`.'),
  sha256: sha256
    .exactOptional()
    .describe('The digest of a file, or of a part of one, that is allowed whatever it holds.'),
  reason: line('a reason', 1024).exactOptional().describe('Why; it stands in the evidence.'),
}).refine((one) => (one.callable === undefined) !== (one.sha256 === undefined), {
  error: 'names a callable or a digest: one of `callable` and `sha256`',
});

/** What a scan takes for harmless beside what Holdfast knows. */
export const scan = strict({
  allow: listOf(entry, 'a list of entries such as `{ callable: package.module.Class }`', 1024)
    .default([])
    .describe('What model files may call or hold beside what Holdfast knows to be harmless; recorded with each scan.'),
});
export type Scan = z.output<typeof scan>;
