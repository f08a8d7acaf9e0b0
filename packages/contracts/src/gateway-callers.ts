import { z } from 'zod';
import { duration } from './duration.ts';
import { certificateSubject, isKnownByOne } from './gateway-subject.ts';
import { name, projectPath } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'] as const;

const webAddress = z
  .string({ error: expected('an HTTPS address') })
  .max(2048, { error: 'is longer than 2048 characters' })
  .regex(/^https?:\/\/[!-~]+$/, { error: refused('is not an address such as `https://login.example/keys`') });

const claim = z
  .string({ error: expected('the name of a claim') })
  .min(1)
  .max(256, { error: 'is longer than 256 characters' });

const tokens = strict({
  issuer: webAddress.describe('`iss` that a token must have.'),
  audience: claim.describe('`aud` that a token must have: this gateway.'),
  keys: z
    .union([webAddress, projectPath], { error: expected('an address or a path of a JWK set') })
    .describe('The JWK set of the issuer: an HTTPS address, or a file of the project.'),
  algorithms: listOf(z.enum(algorithms, { error: expected(algorithms.join(', ')) }), 'a list of algorithms', 10)
    .min(1, { error: 'names no algorithm' })
    .describe('The only algorithms that count.'),
  roles: claim.exactOptional().describe('The claim that lists roles; `roles` when left out.'),
  tenant: claim.exactOptional().describe('The claim that names the tenant.'),
  tolerance: duration.exactOptional().describe('How far clocks may differ; `5s` when left out.'),
});

const amount = z.string({ error: expected('an amount such as `100/s`') }).regex(/^[1-9][0-9]{0,8}\/(?:s|m|h|d)$/, {
  error: refused('is not an amount in a time, such as `100/s` or `5000/h`'),
});

const quota = strict({
  per: z
    .enum(['caller', 'role', 'tenant', 'model'], { error: expected('`caller`, `role`, `tenant` or `model`') })
    .describe('What has a bucket of its own.'),
  of: z
    .enum(['requests', 'rows', 'cost'], { error: expected('`requests`, `rows` or `cost`') })
    .exactOptional()
    .describe('What is counted; `requests` when left out.'),
  role: name.exactOptional().describe('For callers with this role only.'),
  model: name.exactOptional().describe('For this model only.'),
  rate: amount.describe('How much flows into the bucket.'),
  burst: z
    .int({ error: expected('a whole number') })
    .min(1)
    .max(1_000_000_000)
    .exactOptional()
    .describe('How much the bucket holds; what flows in within a second, at least 1.'),
});
export type Quota = z.output<typeof quota>;

const shared = strict({
  redis: z
    .string({ error: expected('an address such as `redis://127.0.0.1:6379`') })
    .regex(/^rediss?:\/\/[!-~]{1,1000}$/, { error: refused('is not an address such as `redis://127.0.0.1:6379`') })
    .describe('Where replicas count together: Redis or Valkey.'),
  fail: z
    .enum(['open', 'closed'], { error: expected('`open` or `closed`') })
    .describe('What happens while it cannot be reached: each replica counts for itself, or nobody is served.'),
});

/** Who may call. What is not declared is not asked for; nothing declared: everybody who reaches the port. */
export const callers = strict({
  keys: projectPath.exactOptional().describe('The file of API keys, hashed: `holdfast caller create NAME`.'),
  tokens: tokens.exactOptional().describe('JSON Web Tokens of one issuer.'),
  certificates: listOf(
    strict({
      name: name.describe('What the caller is called.'),
      publicKey: z
        .string({ error: expected('a SHA-256 digest') })
        .regex(/^[0-9a-f]{64}$/, { error: refused('is not a SHA-256 digest in lower-case hex') })
        .exactOptional()
        .describe('SHA-256 of its public key (SubjectPublicKeyInfo).'),
      subject: certificateSubject
        .exactOptional()
        .describe('Its whole subject, part by part in the order of the certificate, instead of the key.'),
      roles: listOf(name, 'a list of roles', 32).exactOptional().describe('Roles of this caller.'),
      tenant: name.exactOptional().describe('Whom it belongs to.'),
    }).refine(isKnownByOne, { error: 'is known by `publicKey` or by `subject`, one of both' }),
    'a list of certificates',
    10_000,
  )
    .exactOptional()
    .describe('Client certificates that count.'),
  quotas: listOf(quota, 'a list of quotas', 64).exactOptional().describe('How much callers may ask for.'),
  shared: shared.exactOptional().describe('Where replicas count together; without it each counts for itself.'),
});
export type Callers = z.output<typeof callers>;
