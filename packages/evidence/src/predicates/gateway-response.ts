import { z } from 'zod';

/** What may become of a caller of a gateway, or of a model that it serves, from mild to hard. */
export const gatewayResponses = ['none', 'throttle', 'less-detail', 'quarantine', 'block'] as const;

/** A gateway answers a caller of the subject, a model, in another way from now on. */
export const gatewayResponseSchema = z.strictObject({
  gateway: z.string().min(1).max(128).describe('whose word it is, as in its request log'),
  environment: z.string().min(1).max(64),
  route: z.string().min(1).max(1024).describe('where callers find the model: a path'),
  caller: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('as in the request log; absent: all of them, the model itself'),
  from: z.enum(gatewayResponses),
  to: z.enum(gatewayResponses),
  reason: z
    .string()
    .max(200)
    .regex(/^(?:gateway\.[a-z.-]+|pardoned)$/)
    .describe('the rule that brought it; `pardoned` by hand'),
  points: z.number().min(0).describe('what had come together'),
  changedOn: z.iso.datetime(),
  until: z.iso.datetime().describe('when it ends by itself'),
});

export type GatewayResponse = z.infer<typeof gatewayResponseSchema>;

/** A gateway moves the points from which on it acts on the subject, a model, within bounds that were declared. */
export const gatewayTuningSchema = z.strictObject({
  gateway: z.string().min(1).max(128),
  environment: z.string().min(1).max(64),
  route: z.string().min(1).max(1024),
  from: z.number().gt(0).describe('what declared points are multiplied by'),
  to: z.number().gt(0),
  reason: z.enum(['false-alarms', 'under-attack']),
  changedOn: z.iso.datetime(),
});

export type GatewayTuning = z.infer<typeof gatewayTuningSchema>;
