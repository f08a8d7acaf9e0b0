import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactReader } from '@holdfast/evidence/check';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { EvidenceError } from '@holdfast/evidence/errors';

/** The artifact of a check, as `holdfast.yaml` declares it and as it lies there. */
export interface CheckedArtifact {
  readonly name: string;
  readonly kind: ArtifactReader['kind'];
  /** Absolute. */
  readonly path: string;
  readonly digest: ArtifactDigest;
  readonly classification?: ArtifactReader['classification'];
}

/** Reads the files of an artifact, and only the bytes that were digested. */
export function artifactReader({ name, kind, path, digest, classification }: CheckedArtifact): ArtifactReader {
  const files =
    digest.kind === 'folder'
      ? digest.files
      : [{ name: path.split('/').at(-1) ?? path, size: digest.size, sha256: digest.digests.sha256 }];
  return {
    name,
    kind,
    path,
    digest: { ...digest.digests },
    ...(classification === undefined ? {} : { classification }),
    files,
    async read(file, limit) {
      const listed = files.find((candidate) => candidate.name === file);
      const where = digest.kind === 'folder' ? join(path, file) : path;
      if (listed === undefined || listed.size > limit || (await stat(where)).size !== listed.size) {
        throw new EvidenceError(
          'HF_DIGEST_CHANGED',
          `\`${file}\` is not what was digested, or larger than ${limit} bytes`,
          { where },
        );
      }
      const bytes = await readFile(where);
      if (createHash('sha256').update(bytes).digest('hex') === listed.sha256) return bytes;
      throw new EvidenceError('HF_DIGEST_CHANGED', `\`${file}\` is not what was digested`, { where });
    },
  };
}
