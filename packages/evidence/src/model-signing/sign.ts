import { join } from 'node:path';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { serialiseBundle } from '../bundle.ts';
import type { DigestOptions } from '../digest/artifact.ts';
import { SIGNATURE_NAME } from '../digest/ignore.ts';
import { scan } from '../digest/scan.ts';
import { pae } from '../dsse.ts';
import { EvidenceError } from '../errors.ts';
import type { Signer } from '../keys.ts';
import { statementPayloadType } from '../statement.ts';
import { pathInside } from './inside.ts';
import { createModelManifest, type ModelManifest, modelSigningStatement } from './manifest.ts';

export interface SignModelOptions extends DigestOptions {
  /** Where the signature goes. Default: `model.sig` in a folder, `<file>.sig` beside a file. */
  readonly output?: string;
}

export interface SignedModel {
  readonly manifest: ModelManifest;
  /** The file that was written. */
  readonly output: string;
  /** What was written: a Sigstore bundle v0.3 as JSON. */
  readonly bundle: string;
}

/**
 * Signs a model, a file or a folder, in OpenSSF Model Signing v1 and writes the signature durably: after a crash
 * there is the whole signature or none. P-256 signatures verify with `model_signing verify key`; that tool does not
 * take Ed25519 keys.
 *
 * An output inside the folder under another name than `model.sig` is left out of the signature and recorded so.
 *
 * @throws EvidenceError as `digestArtifact`; `HF_DIGEST_NOT_FOUND` for a folder without files;
 *   `HF_STORE_DISK_FULL`
 * @example
 * ```ts
 * import { generatePrivateKey, keySigner } from '@holdfast/evidence/keys';
 * import { signModel } from '@holdfast/evidence/model-signing/sign';
 * const { output } = await signModel('build/model', keySigner(generatePrivateKey()));
 * console.assert(output === 'build/model/model.sig');
 * ```
 */
export async function signModel(path: string, signer: Signer, options: SignModelOptions = {}): Promise<SignedModel> {
  const output = options.output ?? (await defaultOutput(path, options));
  const inside = pathInside(path, output);
  const ignorePaths = [...(options.ignorePaths ?? []), ...(inside === undefined ? [] : [inside])];
  const manifest = await createModelManifest(path, { ...options, ignorePaths });
  if (manifest.resources.length === 0) {
    throw new EvidenceError('HF_DIGEST_NOT_FOUND', `\`${path}\` holds no file to sign`, { where: path });
  }
  const bundle = await modelSignature(manifest, signer);
  await writeDurably(output, bundle).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    throw new EvidenceError('HF_STORE_DISK_FULL', `no space left for \`${output}\``, { where: output, cause });
  });
  return { manifest, output, bundle };
}

/**
 * Signs a manifest: a Sigstore bundle v0.3 as JSON with the signer's key hint (hex SHA-256 of the SPKI PEM) and,
 * as in OpenSSF Model Signing's own key bundles, without a log entry.
 */
export async function modelSignature(manifest: ModelManifest, signer: Signer): Promise<string> {
  const payload = Buffer.from(JSON.stringify(modelSigningStatement(manifest)));
  const signature = await signer.sign(pae(statementPayloadType, payload));
  return serialiseBundle({
    envelope: { payloadType: statementPayloadType, payload, signature, keyId: signer.publicKey.id },
    entry: undefined,
  });
}

async function defaultOutput(path: string, { symlinks }: SignModelOptions): Promise<string> {
  const found = await scan(path, symlinks === undefined ? {} : { symlinks });
  return found.kind === 'folder' ? join(path, SIGNATURE_NAME) : `${path}.sig`;
}
