import { z } from 'zod';
import { EvidenceError } from './errors.ts';
import { roles } from './roles.ts';

const maximumTrustBytes = 1024 * 1024;

/**
 * A trust file: whose ledgers, and whose keys in which roles, somebody relies on.
 * It is the root of every verification, so it belongs in git and is reviewed like code.
 */
export const trustSchema = z.strictObject({
  $schema: z.string().optional(),
  ledgers: z
    .array(
      z.strictObject({
        origin: z
          .string()
          .regex(/^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/)
          .describe('a bare host name'),
        verifierKeys: z.array(z.string().max(4096)).min(1).max(8).describe('C2SP verifier keys: name+id+key'),
      }),
    )
    .min(1)
    .max(1000),
  signers: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(64),
        publicKey: z.string().max(1024).describe('SPKI in PEM'),
        roles: z.array(z.enum(roles)).max(roles.length),
      }),
    )
    .max(10_000),
  witnesses: z.array(z.string().max(4096)).max(100).default([]),
});

export type Trust = z.infer<typeof trustSchema>;

/** Reads a trust file. @throws EvidenceError HF_TRUST_FORMAT */
export function parseTrust(json: string, where?: string): Trust {
  const place = where === undefined ? {} : { where };
  if (json.length > maximumTrustBytes)
    throw new EvidenceError('HF_TRUST_FORMAT', 'the trust file is over 1 MiB', place);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new EvidenceError('HF_TRUST_FORMAT', 'the trust file is not JSON', { cause, ...place });
  }
  const parsed = trustSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new EvidenceError('HF_TRUST_FORMAT', `the trust file is malformed: ${z.prettifyError(parsed.error)}`, place);
}
