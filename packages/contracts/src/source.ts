import { z } from 'zod';
import { duration } from './duration.ts';
import { line, sha256 } from './scalars.ts';
import { strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

/** A URI as RFC 3986 section 3 spells it: a scheme, then something; no user name or password in the authority. */
const uri = z
  .string({ error: expected('a URI such as `https://data.example/applicants.csv`') })
  .max(2048, { error: 'is longer than 2048 characters' })
  .regex(/^[a-z][a-z0-9+.-]*:[!-~]+$/, { error: refused('is not a URI with a scheme'), abort: true })
  .refine((text) => !/^[^:]+:\/\/[^/?#]*@/.test(text), {
    error: 'holds a user name or password: keep them out of the file',
  });

/** Where data may come from, and which exact bytes are expected. */
export const source = strict({
  uri: uri.describe('Where the data comes from.'),
  sha256: sha256.describe('The SHA-256 digest of the bytes that may come in, 64 lower-case hexadecimal digits.'),
  license: line('a licence such as `CC-BY-4.0`', 256).exactOptional().describe('The licence, as an SPDX expression.'),
  retention: duration.exactOptional().describe('How long the data may be kept, such as `2y`.'),
});
export type Source = z.output<typeof source>;
