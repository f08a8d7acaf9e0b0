import { z } from 'zod';
import { hasOneServer, launch, oneServer, upstream } from './gateway-binding.ts';
import { name } from './scalars.ts';
import { strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

const share = z
  .number({ error: expected('a share from 0 to 1') })
  .min(0)
  .max(1);

/** Headers that say something else already. */
const taken =
  /^(?:accept|authorization|connection|content-.*|cookie|expect|host|idempotency-key|inference-.*|trace.*|trailer|transfer-.*|upgrade|x-api-key|x-request-id)$/;

const header = z
  .string({ error: expected('the name of a header, such as `x-model`') })
  .regex(/^[a-z][a-z0-9-]{0,63}$/, { error: refused('is not the name of a header in lower case, such as `x-model`') })
  .refine((text) => !taken.test(text), { error: refused('is a header that says something else') });

/** A second model on a route: it has to pass the same gate, and is asked by some callers only. */
export const canary = strict({
  model: name.describe('The artifact that may take over.'),
  upstream: upstream.exactOptional().describe('Where its model server listens.'),
  launch: launch.exactOptional().describe('In place of `upstream`: how the gateway starts its model server.'),
  weight: share.exactOptional().describe('The share of callers that it answers, such as `0.1`; 0 when left out.'),
  header: header.exactOptional().describe('Callers choose with it: `canary` or `stable`.'),
  shadow: z
    .boolean({ error: expected('`true` or `false`') })
    .exactOptional()
    .describe('A copy of what the other model is asked goes to it; what it answers goes nowhere.'),
  rollback: strict({
    errors: share.describe('The share of its answers that may be errors, such as `0.05`.'),
    over: z
      .int({ error: expected('a whole number') })
      .min(1)
      .max(100_000)
      .describe('Of how many answers, the last ones.'),
  })
    .exactOptional()
    .describe('When it is taken back without asking anybody.'),
}).refine(hasOneServer, { error: oneServer });
export type Canary = z.output<typeof canary>;
