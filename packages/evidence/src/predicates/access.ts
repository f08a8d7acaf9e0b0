import { z } from 'zod';

/** The subject, which is confidential, was read through Holdfast, or was to be. Who read it is whose key signed. */
export const accessSchema = z.strictObject({
  purpose: z.strictObject({
    kind: z.enum(['check', 'operation', 'run']),
    name: z.string().min(1).max(128).describe('of the check, the operation or the stage'),
  }),
  classification: z.enum(['confidential', 'restricted']),
  outcome: z.enum(['read', 'refused']),
  reason: z.string().min(1).max(1000).optional().describe('why it was refused'),
  accessedOn: z.iso.datetime(),
});

export type Access = z.infer<typeof accessSchema>;
