import { z } from 'zod';

const count = z.int().nonnegative();

/** How many callers of a route the subject, a candidate, answers from now on: `switch/v1`. */
export const switchSchema = z.strictObject({
  environment: z.string().min(1).max(64),
  route: z.string().min(1).max(1024).describe('where callers find it: a path'),
  /** The model that answers everybody else. */
  stable: z.strictObject({
    name: z.string().min(1).max(4000),
    digest: z.record(z.string().max(64), z.string().regex(/^[0-9a-f]{32,256}$/)),
  }),
  weight: z.number().min(0).max(1).describe('the share of callers; 0: rolled back, 1: promoted'),
  by: z.enum(['hand', 'rule']),
  gateway: z.string().min(1).max(128).optional().describe('by rule: whose, as in its request log'),
  measured: z
    .strictObject({ answers: count, errors: count })
    .optional()
    .describe('by rule: what the candidate answered last'),
  reason: z.string().min(1).max(1000),
  switchedOn: z.iso.datetime(),
});

export type Switch = z.infer<typeof switchSchema>;
