import { z } from 'zod';
import { roles } from '../roles.ts';

/**
 * A key gets roles or loses them. Events are chained: each names the evidence id of the one before it in its ledger.
 * The subject of the statement is the key: its id as `sha256`.
 */
export const keyEventSchema = z.strictObject({
  action: z.enum(['grant', 'revoke']),
  key: z.strictObject({
    name: z.string().min(1).max(64),
    publicKey: z.string().max(1024).describe('SPKI in PEM'),
  }),
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  reason: z.string().max(1000).optional(),
  previous: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .describe('evidence id of the key event before this one, null for the first'),
});

export type KeyEvent = z.infer<typeof keyEventSchema>;
