import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TileSource } from '@holdfast/ledger';
import { type Extract, extract, type Pack, pack } from 'tar-stream';
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
}

/** What goes into an archive. */
export interface ArchiveContent {
  readonly origin: string;
  /** Ledger files by their path in the ledger folder; the checkpoint is read first, so that it covers what follows. */
  readonly ledgerFiles: AsyncIterable<{ readonly path: string; readonly bytes: Uint8Array }>;
  readonly ids: readonly string[];
  readonly evidence: EvidenceSource;
}

/**
 * Writes a ledger and its evidence as one tar file (POSIX ustar), atomically: it appears when it is whole.
 *
 * @returns the number of pieces of evidence
 * @throws EvidenceError HF_STORE_DISK_FULL, and what reading the evidence throws; nothing is left behind then
 */
export async function writeArchive(file: string, content: ArchiveContent): Promise<number> {
  const tar = pack();
  const temporary = `${file}.partial`;
  const output = pipeline(tar, createWriteStream(temporary, { flush: true }));
  try {
    await Promise.all([output, fill(tar, content)]);
    await rename(temporary, file);
  } catch (error) {
    tar.destroy();
    await output.catch(() => undefined);
    await rm(temporary, { force: true });
    throw outOfSpace(error) ?? error;
  }
  return content.ids.length;
}

function outOfSpace(cause: unknown): EvidenceError | undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') return undefined;
  return new EvidenceError('HF_STORE_DISK_FULL', 'no space left for the archive', { cause });
}

async function fill(tar: Pack, { origin, ledgerFiles, ids, evidence }: ArchiveContent): Promise<void> {
  const add = (name: string, bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      // A fixed time and owner: the same ledger gives the same archive.
      const header = { name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 };
      tar.entry(header, Buffer.from(bytes), (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  await add(manifestName, `${JSON.stringify({ format: formatVersion, origin, evidence: ids.length })}\n`);
  for await (const { path, bytes } of ledgerFiles) await add(`ledger/${path}`, bytes);
  for (const id of ids) await add(`evidence/${id}.json`, serialiseBundle(await evidence.get(id)));
  tar.finalize();
}

/**
 * Opens an archive. Everything in it is bounded; nothing is written to disk.
 *
 * @throws EvidenceError HF_ARCHIVE_FORMAT
 */
export async function openArchive(file: string): Promise<Archive> {
  const files = await readFiles(file);
  const manifest = readManifest(files.get(manifestName), file);
  const ids = [...files.keys()].flatMap((name) => /^evidence\/([0-9a-f]{64})\.json$/.exec(name)?.[1] ?? []);
  if (ids.length !== manifest.evidence)
    throw malformed(file, `it holds ${ids.length} pieces of evidence, not ${manifest.evidence}`);
  return {
    origin: manifest.origin,
    evidenceCount: ids.length,
    tiles: { read: (path) => Promise.resolve(files.get(`ledger/${path}`)) },
    evidence: {
      list: () => Promise.resolve(ids),
      get: (id) => Promise.resolve().then(() => storedBundle(files.get(`evidence/${id}.json`), id)),
    },
  };
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

async function readFiles(file: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const tar = extract();
  const work = [pipeline(createReadStream(file), tar), collect(tar, files, file)];
  const failures = (await Promise.allSettled(work)).flatMap((end): unknown[] =>
    end.status === 'rejected' ? [end.reason] : [],
  );
  const refusal = failures.find((failure) => failure instanceof EvidenceError);
  if (refusal !== undefined) throw refusal;
  if (failures.length === 0) return files;
  const [cause] = failures;
  throw malformed(file, cause instanceof Error ? lowerFirst(cause.message) : String(cause), cause);
}

async function collect(tar: Extract, files: Map<string, Buffer>, file: string): Promise<void> {
  let total = endOfArchive;
  for await (const entry of tar) {
    const { name, type, size } = entry.header;
    total += block + Math.ceil(size / block) * block;
    const strange = type !== 'file' || !namePattern.test(name) || (files.size === 0) !== (name === manifestName);
    const tooMuch = size > bounds.fileBytes || total > bounds.bytes || files.size >= bounds.files;
    if (strange || tooMuch || files.has(name)) {
      throw malformed(file, `\`${name.slice(0, 80)}\` cannot be in it, or not there`);
    }
    files.set(name, Buffer.concat((await Readable.from(entry).toArray()) as Buffer[]));
  }
  await requireLength(file, total);
}

/** POSIX ustar: 512-byte blocks, a header before each file, two blocks of zeros at the end. */
const block = 512;
const endOfArchive = 2 * block;

/** There is nothing in the file but the headers, the files and the end: no extended header, nothing behind, no cut. */
async function requireLength(file: string, expected: number): Promise<void> {
  const { size } = await stat(file);
  if (size !== expected) throw malformed(file, `it has ${size} bytes, but what it holds takes ${expected}`);
}

function malformed(file: string, why: string, cause?: unknown): EvidenceError {
  return new EvidenceError('HF_ARCHIVE_FORMAT', `\`${file}\` cannot be read: ${why}`, { where: file, cause });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
