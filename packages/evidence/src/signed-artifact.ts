import { z } from 'zod';
import { dirHash, rootDigest } from './digest/folder.ts';
import { predicateTypes } from './predicates/types.ts';
import type { DigestSet, Statement } from './statement.ts';

const manifest = z.looseObject({
  serialization: z.looseObject({ method: z.literal('files'), hash_type: z.literal('sha256') }),
  resources: z
    .array(
      z.looseObject({ name: z.string(), algorithm: z.literal('sha256'), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
    )
    .min(1)
    .max(1_000_000),
});

/**
 * The artifact that a model signature is about, in the digests that runs and checks use: the plain SHA-256 of a
 * single file, or `dirHash` and root digest of a folder. Found through the manifest, because the subject of the
 * signature does not commit to names and hashes a single file twice.
 *
 * @returns `undefined` when the statement is no model signature over whole files, or its subject is not its manifest's
 */
export function signedArtifact(statement: Statement): DigestSet | undefined {
  if (statement.predicateType !== predicateTypes.modelSignature) return undefined;
  const parsed = manifest.safeParse(statement.predicate);
  if (!parsed.success) return undefined;
  const files = parsed.data.resources.map(({ name, digest }) => ({ name, sha256: digest }));
  const root = rootDigest(files.map(({ sha256 }) => sha256));
  if (statement.subject[0]?.digest['sha256'] !== root || statement.subject.length !== 1) return undefined;
  const [only] = files;
  if (files.length === 1 && only?.name === '.') return { sha256: only.sha256 };
  return { dirHash: dirHash(files), sha256: root };
}
