import { basename, resolve } from 'node:path';
import { type DigestOptions, digestArtifact } from '../digest/artifact.ts';
import { rootDigest } from '../digest/folder.ts';
import { ignoreList } from '../digest/ignore.ts';
import { type Statement, statementOf } from '../statement.ts';

/** Predicate type of an OpenSSF Model Signing v1 statement. */
export const modelSignaturePredicate = 'https://model_signing/signature/v1.0';

/** How the files of a model became resources. */
export type ModelSerialization = {
  readonly hash_type: 'sha256';
  readonly allow_symlinks: boolean;
  readonly ignore_paths?: readonly string[];
} & ({ readonly method: 'files' } | { readonly method: 'shards'; readonly shard_size: number });

/** One signed thing: a file (`a/b`), a single-file model (`.`), or a part of a file (`a/b:0:1000000000`). */
export interface ModelResource {
  readonly name: string;
  /** `sha256`, or `sha256-sharded-<shard size>`. */
  readonly algorithm: string;
  /** Lowercase hex. */
  readonly digest: string;
}

/** Everything that a model signature commits to. */
export interface ModelManifest {
  /** Last component of the model's path; informative only. */
  readonly name: string;
  readonly serialization: ModelSerialization;
  /** In the order of path components. */
  readonly resources: readonly ModelResource[];
}

export interface ModelSignaturePredicate {
  readonly serialization: ModelSerialization;
  readonly resources: readonly ModelResource[];
}

/**
 * Digests a model, a file or a folder, into the list that a signature commits to. One resource a file.
 *
 * @throws EvidenceError as {@link digestArtifact}
 */
export async function createModelManifest(path: string, options: DigestOptions = {}): Promise<ModelManifest> {
  const artifact = await digestArtifact(path, options);
  const files = artifact.kind === 'file' ? [{ name: '.', sha256: artifact.digests.sha256 }] : artifact.files;
  return {
    name: basename(resolve(path)),
    serialization: {
      method: 'files',
      hash_type: 'sha256',
      allow_symlinks: options.symlinks === 'follow',
      ignore_paths: ignoreList(options.ignorePaths),
    },
    resources: files.map(({ name, sha256 }) => ({ name, algorithm: 'sha256', digest: sha256 })),
  };
}

/**
 * The in-toto statement of a model signature. Its subject is the root digest: SHA-256 over the digests of the
 * resources, for a folder the same as `digestArtifact(…).digests.sha256`, for a single file SHA-256 of its SHA-256.
 */
export function modelSigningStatement(manifest: ModelManifest): Statement<ModelSignaturePredicate> {
  const { name, serialization, resources } = manifest;
  const sha256 = rootDigest(resources.map((resource) => resource.digest));
  return statementOf(modelSignaturePredicate, [{ name, digest: { sha256 } }], { serialization, resources });
}
