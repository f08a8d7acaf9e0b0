import { z } from 'zod';
import { duration } from './duration.ts';
import { strict } from './shapes.ts';
import { size } from './size.ts';
import { expected } from './wording.ts';

/** Requests with an `idempotency-key` are executed once, and answered again with what was answered. */
export const idempotency = strict({
  keep: duration.exactOptional().describe('How long a key counts; `1d` when left out.'),
  keys: z
    .int({ error: expected('a whole number') })
    .min(1)
    .max(10_000_000)
    .exactOptional()
    .describe('Keys that are kept at most; 100000 when left out. More are refused until some have ended.'),
  answers: size.exactOptional().describe('What the kept answers may take on the disk; `256MiB` when left out.'),
});
export type Idempotency = z.output<typeof idempotency>;
