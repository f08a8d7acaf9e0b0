import { z } from 'zod';

const sha256 = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const resource = z.looseObject({ uri: z.string().max(4096).optional(), digest: sha256 });

/**
 * The decision of a gate: an SLSA verification summary v1 (slsa.dev/spec/v1.1/verification_summary), with the
 * digests of everything that it was computed from, so that anybody can compute it again.
 */
export const decisionSchema = z.looseObject({
  verifier: z.looseObject({ id: z.string() }),
  timeVerified: z.iso.datetime(),
  resourceUri: z.string(),
  policy: resource,
  inputAttestations: z.array(resource).max(100_000),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.string()),
  holdfast_decision: z.strictObject({
    action: z.string(),
    environment: z.string(),
    principal: z.string(),
    ledger: z.strictObject({ origin: z.string(), size: z.int().nonnegative(), rootHash: z.string() }),
    newestKeyEvent: z.string().nullable(),
    policies: z.array(z.strictObject({ name: z.string(), text: z.string().max(1_000_000) })).max(64),
    knownChecks: z.array(z.string()).max(1000),
    stages: z
      .array(z.strictObject({ name: z.string(), owner: z.string().nullable(), behind: z.boolean() }))
      .describe('the stages of the configuration: their owners, and whether they must stand behind the artifact'),
    changed: z.array(z.string().max(8192)).max(100_000).describe('what the gate saw on disk to be other than recorded'),
    schema: sha256,
    entities: sha256,
    reasons: z.array(z.strictObject({ policy: z.string(), message: z.string() })),
  }),
});

export type DecisionPredicate = z.infer<typeof decisionSchema>;
