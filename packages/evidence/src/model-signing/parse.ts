import { rootDigest } from '../digest/folder.ts';
import { IGNORED_PATHS, isIgnored } from '../digest/ignore.ts';
import { EvidenceError } from '../errors.ts';
import type { Statement } from '../statement.ts';
import { parseStatement } from '../verify/statement.ts';
import {
  type ModelManifest,
  type ModelResource,
  type ModelSerialization,
  modelSignaturePredicate,
} from './manifest.ts';

const MOST_RESOURCES = 1_000_000;
const MOST_IGNORED = 10_000;
const LONGEST_NAME = 4096;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a signed payload as an OpenSSF Model Signing v1 manifest and checks that it holds together: one subject,
 * whose digest is the root over the resources in the order in which they stand, no name twice.
 *
 * @throws EvidenceError `HF_MODEL_SIGNATURE_FORMAT`
 */
export function parseModelManifest(payloadType: string, payload: Uint8Array): ModelManifest {
  const statement = inTotoStatement(payloadType, payload);
  if (statement.predicateType !== modelSignaturePredicate) {
    throw malformed(`its predicate type is \`${statement.predicateType.slice(0, 80)}\``);
  }
  const [subject, ...more] = statement.subject;
  if (subject === undefined || more.length > 0) throw malformed('it does not have exactly one subject');
  const predicate = fieldsOf(statement.predicate, 'predicate');
  const serialization = serializationOf(fieldsOf(predicate['serialization'], 'serialization'));
  const resources = resourcesOf(predicate['resources'], serialization);
  if (subject.digest['sha256'] !== rootDigest(resources.map((resource) => resource.digest))) {
    throw malformed('its subject is not the digest of its resources');
  }
  return { name: subject.name ?? '', serialization, resources };
}

function inTotoStatement(payloadType: string, payload: Uint8Array): Statement {
  try {
    return parseStatement(payloadType, payload);
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : 'it holds no statement', cause);
  }
}

function serializationOf(fields: Fields): ModelSerialization {
  const {
    method,
    hash_type: hashType,
    allow_symlinks: allowSymlinks,
    ignore_paths: ignorePaths,
    shard_size: size,
  } = fields;
  if (hashType !== 'sha256') throw malformed(`\`${shown(hashType)}\` digests are not supported`);
  if (typeof allowSymlinks !== 'boolean') throw malformed('`allow_symlinks` is not a boolean');
  const common = { hash_type: hashType, allow_symlinks: allowSymlinks, ...ignored(ignorePaths) } as const;
  if (method === 'files') return { method, ...common };
  if (method !== 'shards') throw malformed(`the method \`${shown(method)}\` is not known`);
  // model_signing writes 1000000000.0: protobuf's Struct knows no integers.
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size <= 0) throw malformed('`shard_size` is no size');
  return { method, shard_size: size, ...common };
}

function ignored(value: unknown): { readonly ignore_paths?: readonly string[] } {
  if (value === undefined) return {};
  const paths: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  if (paths.length > MOST_IGNORED || !paths.every((path) => typeof path === 'string')) {
    throw malformed('`ignore_paths` is not a list of paths');
  }
  return { ignore_paths: paths };
}

function resourcesOf(value: unknown, serialization: ModelSerialization): readonly ModelResource[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length === 0 || list.length > MOST_RESOURCES) throw malformed('it lists no resources, or over a million');
  const algorithm = serialization.method === 'files' ? 'sha256' : `sha256-sharded-${serialization.shard_size}`;
  const resources = list.map((entry) => resourceOf(fieldsOf(entry, 'resource'), algorithm));
  if (new Set(resources.map((resource) => resource.name)).size < resources.length)
    throw malformed('a name stands twice');
  return resources;
}

function resourceOf(fields: Fields, expected: string): ModelResource {
  const { name, algorithm, digest } = fields;
  if (typeof name !== 'string' || name.length > LONGEST_NAME) throw malformed('a resource has no name');
  if (algorithm !== expected) throw malformed(`\`${name}\` is hashed with \`${shown(algorithm)}\``);
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest))
    throw malformed(`the digest of \`${name}\` is none`);
  return { name, algorithm, digest };
}

/** A file as it was signed: whole, or in parts that follow each other from its first byte to its last. */
export interface SignedFile {
  /** Relative POSIX path, `.` for a model that is one file. */
  readonly name: string;
  /** Bytes; undefined when the manifest does not say. */
  readonly size: number | undefined;
  readonly parts: readonly { readonly start: number; readonly end: number | undefined; readonly digest: string }[];
}

/**
 * The files of a manifest by name. Parts must cover their file without a gap, each of the shard size but the last.
 *
 * @throws EvidenceError `HF_MODEL_SIGNATURE_FORMAT`
 */
export function signedFiles({ serialization, resources }: ModelManifest): ReadonlyMap<string, SignedFile> {
  const files = new Map<string, SignedFile>();
  for (const { name, digest } of resources) {
    const part = serialization.method === 'files' ? { name, start: 0, end: undefined } : shardOf(name);
    mustBeInside(part.name);
    const before = files.get(part.name);
    if (serialization.method === 'shards') mustFollow(part, before, serialization.shard_size);
    const parts = (before?.parts ?? []) as SignedFile['parts'][number][];
    parts.push({ start: part.start, end: part.end, digest });
    files.set(part.name, { name: part.name, size: part.end, parts });
  }
  const hidden = new Set(ignoredBy(serialization, files));
  for (const name of files.keys())
    if (isIgnored(name, hidden)) throw malformed(`it both signs and ignores \`${name}\``);
  return files;
}

/**
 * What the signer left out. Signatures from before `ignore_paths` was recorded ignored the git paths; those are
 * assumed unless one of them was signed. A path that points outside the folder leaves nothing out.
 */
export function ignoredBy(serialization: ModelSerialization, files: ReadonlyMap<string, unknown>): readonly string[] {
  const recorded = serialization.ignore_paths;
  if (recorded !== undefined) return recorded.map((path) => path.replace(/\/+$/, '')).filter(isInside);
  return IGNORED_PATHS.filter((path) => [...files.keys()].every((name) => !isIgnored(name, new Set([path]))));
}

function shardOf(resource: string): { name: string; start: number; end: number } {
  const [, name, start, end] = /^(.*):(\d{1,15}):(\d{1,15})$/s.exec(resource) ?? [];
  if (name === undefined) throw malformed(`\`${resource}\` is not \`path:start:end\``);
  return { name, start: Number(start), end: Number(end) };
}

function mustFollow(
  part: { name: string; start: number; end: number | undefined },
  before: SignedFile | undefined,
  size: number,
): void {
  const end = part.end ?? 0;
  const beforeWasFull = (before?.size ?? 0) % size === 0;
  if (part.start === (before?.size ?? 0) && beforeWasFull && end > part.start && end - part.start <= size) return;
  throw malformed(`the part \`${part.name}:${part.start}:${end}\` does not follow the one before it`);
}

function mustBeInside(name: string): void {
  if (name !== '.' && !isInside(name)) throw malformed(`\`${name}\` is not a path inside the model`);
}

/** A relative POSIX path in its shortest form. */
function isInside(path: string): boolean {
  return !/[\n\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw malformed(`its ${what} is not an object`);
}

function shown(value: unknown): string {
  return (typeof value === 'string' ? value : typeof value).slice(0, 40);
}

export function malformed(reason: string, cause?: unknown): EvidenceError {
  return new EvidenceError('HF_MODEL_SIGNATURE_FORMAT', `not a model signature that can be checked: ${reason}`, {
    cause,
  });
}
