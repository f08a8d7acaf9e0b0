import { verify } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { maximumBundleBytes, parseBundle } from '../bundle.ts';
import { type DigestOptions, mustBeUnchanged } from '../digest/artifact.ts';
import { dirHash, inModelOrder, rootDigest } from '../digest/folder.ts';
import { normaliseIgnored } from '../digest/ignore.ts';
import { hashRanges } from '../digest/pool.ts';
import type { RangeTask } from '../digest/range.ts';
import { type FoundFile, type Scan, scan } from '../digest/scan.ts';
import { pae } from '../dsse.ts';
import { EvidenceError, type EvidenceErrorCode } from '../errors.ts';
import type { PublicKey } from '../keys.ts';
import type { DigestSet } from '../statement.ts';
import type { SignedEnvelope } from '../verify/evidence.ts';
import { pathInside } from './inside.ts';
import type { ModelManifest } from './manifest.ts';
import { ignoredBy, malformed, parseModelManifest, type SignedFile, signedFiles } from './parse.ts';

/** Every byte is read again: a verification takes no digest from a cache. */
export type VerifyModelOptions = Omit<DigestOptions, 'cache' | 'force'>;

/** A model whose signature verifies and whose files are the signed ones, all of them and no others. */
export interface VerifiedModel {
  readonly manifest: ModelManifest;
  /** Subject of the signature, lowercase hex. */
  readonly rootDigest: string;
  /** The subject that evidence about the same bytes has; undefined when the files were signed in parts. */
  readonly digests: DigestSet | undefined;
}

/**
 * Verifies a model, a file or a folder, against a signature in OpenSSF Model Signing v1, in this order: bundle, key,
 * DSSE signature over the payload bytes as they came, statement, list of files, digest of every file.
 *
 * Symbolic links are refused unless `symlinks: 'follow'` says otherwise, whatever the signer allowed. Left out are
 * the paths that the signer recorded, the signature itself and `ignorePaths`, nothing else. An empty file beside
 * parts (`method: shards`) counts as extra: such a manifest cannot cover it.
 *
 * @throws EvidenceError `HF_MODEL_SIGNATURE_FORMAT`, `HF_MODEL_SIGNATURE_INVALID`,
 *   `HF_MODEL_EXTRA_FILE`, `HF_MODEL_MISMATCH`, and what `digestArtifact` throws
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parsePublicKey } from '@holdfast/evidence/keys';
 * import { verifyModel } from '@holdfast/evidence/model-signing/verify';
 * const key = parsePublicKey(readFileSync('signer.pub', 'utf8'));
 * const { rootDigest } = await verifyModel('model', 'model/model.sig', key);
 * ```
 */
export async function verifyModel(
  path: string,
  signatureFile: string,
  publicKey: PublicKey,
  options: VerifyModelOptions = {},
): Promise<VerifiedModel> {
  const manifest = openModelSignature(readSignature(signatureFile), publicKey);
  const signed = signedFiles(manifest);
  const inside = pathInside(path, signatureFile);
  const ignored = new Set([
    ...ignoredBy(manifest.serialization, signed),
    ...normaliseIgnored(options.ignorePaths ?? []),
    ...(inside === undefined ? [] : [inside]),
  ]);
  const { symlinks, maxFiles } = options;
  const scanOptions = { ignored, ...(symlinks && { symlinks }), ...(maxFiles !== undefined && { maxFiles }) };
  const found = await scan(path, scanOptions);
  const files = sameNames(found, signed);
  await sameContents(files, options);
  if (found.kind === 'folder') await mustBeUnchanged(path, found.files, scanOptions);
  return {
    manifest,
    rootDigest: rootDigest(manifest.resources.map((resource) => resource.digest)),
    digests: subjectOf(manifest),
  };
}

/**
 * Checks a signature bundle against a key and returns what it says about the model, without looking at any file.
 *
 * @param json a Sigstore bundle v0.3
 * @throws EvidenceError `HF_MODEL_SIGNATURE_FORMAT`, `HF_MODEL_SIGNATURE_INVALID`
 */
export function openModelSignature(json: string, publicKey: PublicKey): ModelManifest {
  const envelope = envelopeOf(json);
  const { payloadType, payload } = envelope;
  mustBeSignedBy(publicKey, envelope);
  return parseModelManifest(payloadType, payload);
}

function readSignature(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const [code, why] = missing
      ? (['HF_DIGEST_NOT_FOUND', 'does not exist'] as const)
      : (['HF_DIGEST_UNREADABLE', 'cannot be read'] as const);
    throw new EvidenceError(code, `the signature \`${file}\` ${why}`, { where: file, cause });
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > maximumBundleBytes)
      throw malformed(`\`${file}\` is not a file, or over 64 MiB`);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function envelopeOf(json: string): SignedEnvelope {
  try {
    return parseBundle(json).envelope;
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'not a bundle', cause);
  }
}

/** The hint only says which key to take; old signatures have none. */
function mustBeSignedBy(key: PublicKey, { payloadType, payload, signature, keyId }: SignedEnvelope): void {
  if (keyId !== '' && keyId !== key.id) {
    throw new EvidenceError('HF_MODEL_SIGNATURE_INVALID', `the signature names another key, \`${keyId.slice(0, 64)}\``);
  }
  const spki = { key: Buffer.from(key.spki), format: 'der', type: 'spki' } as const;
  const digest = key.algorithm === 'ed25519' ? null : 'sha256';
  if (verify(digest, pae(payloadType, payload), spki, signature)) return;
  throw new EvidenceError('HF_MODEL_SIGNATURE_INVALID', `the signature does not verify with the key \`${key.id}\``);
}

interface FilePair {
  readonly signed: SignedFile;
  readonly found: FoundFile;
}

/** Every signed file is there, and nothing else is; cheap, so it comes before any reading. */
function sameNames(model: Scan, signed: ReadonlyMap<string, SignedFile>): readonly FilePair[] {
  if (signed.has('.') !== (model.kind === 'file')) {
    throw differs('HF_MODEL_MISMATCH', '.', 'a single file was signed and this is a folder, or the other way round');
  }
  const found = new Map(model.kind === 'file' ? [['.', model.file]] : model.files.map((file) => [file.name, file]));
  const pairs: FilePair[] = [];
  for (const [name, file] of signed) {
    const here = found.get(name);
    if (here === undefined) throw differs('HF_MODEL_MISSING_FILE', name, 'was signed and is not there');
    pairs.push({ signed: file, found: here });
  }
  for (const name of found.keys()) {
    if (!signed.has(name)) throw differs('HF_MODEL_EXTRA_FILE', name, 'was not signed');
  }
  return pairs;
}

async function sameContents(pairs: readonly FilePair[], options: VerifyModelOptions): Promise<void> {
  const expected: { readonly name: string; readonly digest: string; readonly task: RangeTask }[] = [];
  for (const { signed, found } of pairs) {
    const { path, stamp } = found;
    const size = Number(stamp.size);
    if (signed.size !== undefined && signed.size !== size) {
      throw differs('HF_MODEL_MISMATCH', signed.name, `has ${size} bytes; ${signed.size} were signed`);
    }
    for (const { start, end, digest } of signed.parts) {
      expected.push({ name: signed.name, digest, task: { path, stamp, start, end: end ?? size } });
    }
  }
  const digests = await hashRanges(
    expected.map(({ task }) => task),
    options,
  );
  for (const [index, { name, digest }] of expected.entries()) {
    if (digests[index] !== digest) throw differs('HF_MODEL_MISMATCH', name, `has other contents than were signed`);
  }
}

function subjectOf({ serialization, resources }: ModelManifest): DigestSet | undefined {
  if (serialization.method !== 'files') return undefined;
  const files = inModelOrder(resources.map(({ name, digest }) => ({ name, sha256: digest })));
  const [first] = files;
  if (first?.name === '.') return { sha256: first.sha256 };
  return { dirHash: dirHash(files), sha256: rootDigest(files.map((file) => file.sha256)) };
}

function differs(code: EvidenceErrorCode, name: string, what: string): EvidenceError {
  return new EvidenceError(code, `\`${name}\` ${what}`, { where: name });
}
