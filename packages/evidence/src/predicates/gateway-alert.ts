import { z } from 'zod';

/** What a gateway sees of the subject, a model that it serves, passed a bound, or is within it again. */
export const gatewayAlertSchema = z.strictObject({
  gateway: z.string().min(1).max(128).describe('whose word it is, as in its request log'),
  environment: z.string().min(1).max(64),
  route: z.string().min(1).max(1024).describe('where callers find it: a path'),
  rule: z
    .string()
    .regex(/^gateway\.[ -~]{1,300}$/)
    .describe('what was seen, such as `gateway.drift.scores`'),
  state: z.enum(['raised', 'cleared']),
  value: z.number().describe('what was measured in the window that changed the state'),
  raise: z.number().describe('raised from here on'),
  clear: z.number().describe('cleared from here on'),
  changedOn: z.iso.datetime(),
});

export type GatewayAlert = z.infer<typeof gatewayAlertSchema>;
