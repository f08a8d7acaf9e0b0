import { access, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { type EvidenceBundle, maximumBundleBytes, parseBundle, serialiseBundle } from './bundle.ts';
import { EvidenceError } from './errors.ts';

const idPattern = /^[0-9a-f]{64}$/;

/**
 * Evidence as plain files: `<folder>/<first two digits>/<id>.json`, a Sigstore bundle each.
 * The id is the ledger's leaf hash, so the ledger's lowest tiles are the table of contents.
 */
export interface EvidenceStore {
  /** Writes a bundle so that it survives a crash; writing the same id again replaces it. */
  put(id: string, bundle: EvidenceBundle): Promise<void>;
  /** @throws EvidenceError HF_EVIDENCE_NOT_FOUND, HF_ENVELOPE_FORMAT, HF_ENVELOPE_SIGNATURES */
  get(id: string): Promise<EvidenceBundle>;
  has(id: string): Promise<boolean>;
  /** Ids of everything there, in no order that means anything. */
  list(): Promise<readonly string[]>;
  /** Ids that start with these digits. */
  find(prefix: string): Promise<readonly string[]>;
}

/** The part of a store that reading needs; archives implement it too. */
export type EvidenceSource = Pick<EvidenceStore, 'get' | 'list'>;

/**
 * Reads a stored bundle. A stored file is exactly what this package would write, so that a change of any byte,
 * also one that means nothing in JSON, is noticed.
 */
export function parseStoredBundle(json: string, where: string): EvidenceBundle {
  const bundle = parseBundle(json);
  if (serialiseBundle(bundle) === json) return bundle;
  throw new EvidenceError('HF_ENVELOPE_FORMAT', `\`${where}\` is not byte for byte what was stored`, { where });
}

export function openEvidenceStore(folder: string): EvidenceStore {
  const fileOf = (id: string): string => join(folder, id.slice(0, 2), `${id}.json`);
  const list = async (): Promise<readonly string[]> => {
    const shards = await listing(folder);
    const names = await Promise.all(
      shards.filter((name) => /^[0-9a-f]{2}$/.test(name)).map((name) => listing(join(folder, name))),
    );
    return names
      .flat()
      .flatMap((name) => (name.endsWith('.json') && idPattern.test(name.slice(0, -5)) ? [name.slice(0, -5)] : []));
  };
  return {
    async put(id, bundle) {
      await writeDurably(fileOf(id), serialiseBundle(bundle)).catch((cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
        throw new EvidenceError('HF_STORE_DISK_FULL', `no space left for evidence \`${id.slice(0, 16)}\``, { cause });
      });
    },
    async get(id) {
      if (!idPattern.test(id))
        throw new EvidenceError('HF_EVIDENCE_NOT_FOUND', `\`${id.slice(0, 80)}\` is not an evidence id`);
      return parseStoredBundle(await readBundle(fileOf(id), id), fileOf(id));
    },
    has: (id) =>
      access(fileOf(id)).then(
        () => true,
        () => false,
      ),
    list,
    find: async (prefix) => (await list()).filter((id) => id.startsWith(prefix)),
  };
}

async function readBundle(file: string, id: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > maximumBundleBytes) throw new EvidenceError('HF_ENVELOPE_FORMAT', `\`${file}\` is over 64 MiB`);
    return await handle.readFile('utf8');
  } catch (cause) {
    if (cause instanceof EvidenceError) throw cause;
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read';
    throw new EvidenceError('HF_EVIDENCE_NOT_FOUND', `the evidence \`${id}\` ${why}`, { where: file, cause });
  }
}

async function listing(folder: string): Promise<string[]> {
  return readdir(folder).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  });
}
