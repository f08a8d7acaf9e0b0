import { z } from 'zod';

/** How it is known that a model server serves the subject. */
export const bindings = ['asserted', 'challenged', 'launched'] as const;

/** The subject, a model, began or ceased to be served by a gateway. */
export const servingSchema = z.strictObject({
  gateway: z.string().min(1).max(128).describe('whose word it is, as in its request log'),
  environment: z.string().min(1).max(64),
  route: z.string().min(1).max(1024).describe('where callers find it: a path'),
  state: z.enum(['served', 'stopped']),
  reasons: z.array(z.string().min(1).max(200)).max(100).describe('why it was stopped: rules of the gate, or codes'),
  binding: z.enum(bindings).describe('`asserted`: whoever configured the route says so'),
  switchedOn: z.iso.datetime(),
});

export type Serving = z.infer<typeof servingSchema>;
