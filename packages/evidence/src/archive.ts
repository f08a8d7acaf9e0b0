import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { TileSource } from '@holdfast/ledger';
import { type Pack, pack } from 'tar-stream';
import {
  type ArchivedFile,
  artifactDigest,
  mostArtifactFiles,
  packArtifact,
  requireDigest,
} from './archive-artifact.ts';
import { endOfArchive, malformed, takenBy, walkArchive } from './archive-tar.ts';
import { serialiseBundle } from './bundle.ts';
import { EvidenceError } from './errors.ts';
import { type EvidenceSource, parseStoredBundle } from './store.ts';

/** What an archive may hold at most: enough for 200,000 pieces of evidence, too little for a bomb. */
const bounds = { files: 2_000_000, bytes: 4 * 1024 ** 3, fileBytes: 64 * 1024 ** 2 };

const manifestName = 'holdfast-archive.json';
const formatVersion = 1;

/** A `.holdfast` archive, opened: a whole ledger with its evidence, readable without anything else. */
export interface Archive {
  readonly origin: string;
  readonly tiles: TileSource;
  readonly evidence: EvidenceSource;
  readonly evidenceCount: number;
  /** Bytes of artifacts that are in it, each as it is called: SHA-256 to size. */
  readonly artifact: ReadonlyMap<string, number>;
  /** Writes an archive of the same ledger and evidence, without any artifact. */
  writeEvidence(file: string): Promise<void>;
}

/** What goes into an archive. */
export interface ArchiveContent {
  readonly origin: string;
  /** Ledger files by their path in the ledger folder; the checkpoint is read first, so that it covers what follows. */
  readonly ledgerFiles: AsyncIterable<{ readonly path: string; readonly bytes: Uint8Array }>;
  readonly ids: readonly string[];
  readonly evidence: EvidenceSource;
  /** Bytes to go along: what evidence in it speaks of. */
  readonly artifact?: readonly ArchivedFile[];
}

/**
 * Writes a ledger and its evidence as one tar file (POSIX ustar), atomically: it appears when it is whole.
 *
 * @returns the number of pieces of evidence
 * @throws EvidenceError HF_STORE_DISK_FULL, and what reading the evidence throws; nothing is left behind then
 */
export async function writeArchive(file: string, content: ArchiveContent): Promise<number> {
  await writeTar(file, (tar) => fill(tar, content));
  return content.ids.length;
}

async function writeTar(file: string, work: (tar: Pack) => Promise<void>): Promise<void> {
  const tar = pack();
  const temporary = `${file}.partial`;
  const output = pipeline(tar, createWriteStream(temporary, { flush: true }));
  try {
    await Promise.all([output, work(tar)]);
    await rename(temporary, file);
  } catch (error) {
    tar.destroy();
    await output.catch(() => undefined);
    await rm(temporary, { force: true });
    throw outOfSpace(error) ?? error;
  }
}

function outOfSpace(cause: unknown): EvidenceError | undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') return undefined;
  return new EvidenceError('HF_STORE_DISK_FULL', 'no space left for the archive', { cause });
}

async function fill(tar: Pack, { origin, ledgerFiles, ids, evidence, artifact = [] }: ArchiveContent): Promise<void> {
  await add(tar, manifestName, `${JSON.stringify({ format: formatVersion, origin, evidence: ids.length })}\n`);
  for await (const { path, bytes } of ledgerFiles) await add(tar, `ledger/${path}`, bytes);
  for (const id of ids) await add(tar, `evidence/${id}.json`, serialiseBundle(await evidence.get(id)));
  await packArtifact(tar, artifact, headerOf);
  tar.finalize();
}

/** A fixed time and owner: the same ledger gives the same archive. */
const headerOf = (name: string) => ({ name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 });

function add(tar: Pack, name: string, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = tar.entry(headerOf(name), Buffer.from(bytes), (error) => {
      if (error) reject(error);
      else resolve();
    });
    // A full disk destroys it; without a listener that would end the process.
    entry.on('error', reject);
  });
}

/**
 * Opens an archive. Everything in it is bounded; nothing is written to disk. Bytes of artifacts
 * are digested and passed over.
 *
 * @throws EvidenceError HF_ARCHIVE_FORMAT
 */
export async function openArchive(file: string): Promise<Archive> {
  const { files, artifact } = await readFiles(file);
  const manifest = readManifest(files.get(manifestName), file);
  const ids = [...files.keys()].flatMap((name) => /^evidence\/([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? []);
  if (ids.length !== manifest.evidence)
    throw malformed(file, `it holds ${ids.length} pieces of evidence, not ${manifest.evidence}`);
  return {
    origin: manifest.origin,
    evidenceCount: ids.length,
    artifact,
    writeEvidence: (to) => copyFiles(files, to),
    tiles: { read: (path) => Promise.resolve(files.get(`ledger/${path}`)) },
    evidence: {
      list: () => Promise.resolve(ids),
      get: (id) => Promise.resolve().then(() => storedBundle(files.get(`evidence/${id}.json`), id)),
    },
  };
}

function copyFiles(files: ReadonlyMap<string, Buffer>, to: string): Promise<void> {
  return writeTar(to, async (tar) => {
    for (const [name, bytes] of files) await add(tar, name, bytes);
    tar.finalize();
  });
}

function storedBundle(bytes: Buffer | undefined, id: string) {
  if (bytes === undefined) throw new EvidenceError('HF_EVIDENCE_NOT_FOUND', `the archive holds no evidence \`${id}\``);
  return parseStoredBundle(bytes.toString('utf8'), `evidence/${id}.json`);
}

function readManifest(bytes: Buffer | undefined, file: string): { origin: string; evidence: number } {
  if (bytes === undefined) throw malformed(file, `it does not begin with \`${manifestName}\``);
  try {
    const { format, origin, evidence } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    if (format === formatVersion && typeof origin === 'string' && typeof evidence === 'number')
      return { origin, evidence };
  } catch (cause) {
    throw malformed(file, 'its manifest is not JSON', cause);
  }
  throw malformed(file, 'its manifest is of another version');
}

/** Names that an archive may hold: the manifest, the published files of a ledger, evidence. */
const namePattern =
  /^(holdfast-archive\.json|ledger\/checkpoint|ledger\/tile\/([0-9]+|entries)\/(x[0-9]{3}\/)*[0-9]{3}(\.p\/[0-9]+)?|evidence\/[0-9a-f]{64}\.json)$/;

interface Held {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly artifact: ReadonlyMap<string, number>;
}

async function readFiles(file: string): Promise<Held> {
  const files = new Map<string, Buffer>();
  const artifact = new Map<string, number>();
  let total = endOfArchive;
  await walkArchive(file, async (entry) => {
    const { name, type, size } = entry;
    const sha256 = artifactDigest(name);
    if (sha256 !== undefined) {
      const tooMany = artifact.size >= mostArtifactFiles || artifact.has(sha256);
      if (type !== 'file' || files.size === 0 || tooMany) throw misplaced(file, name);
      await requireDigest(entry, file);
      artifact.set(sha256, size);
      return;
    }
    total += takenBy(size);
    const strange = type !== 'file' || !namePattern.test(name) || (files.size === 0) !== (name === manifestName);
    const tooMuch = size > bounds.fileBytes || total > bounds.bytes || files.size >= bounds.files;
    // Bytes of artifacts come last, so that a reader that only wants evidence could stop there.
    if (strange || tooMuch || files.has(name) || artifact.size > 0) throw misplaced(file, name);
    const chunks: Buffer[] = [];
    for await (const chunk of entry.chunks()) chunks.push(chunk);
    files.set(name, Buffer.concat(chunks));
  });
  return { files, artifact };
}

const misplaced = (file: string, name: string): EvidenceError =>
  malformed(file, `\`${name.slice(0, 80)}\` cannot be in it, or not there`);
