import { readFile } from 'node:fs/promises';
import { writeDurably } from '@holdfast/ledger/durable-file';
import type { LedgerReader } from '@holdfast/ledger/ledger-reader';
import { PipelineError } from './errors.ts';

interface Seen {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly rootHash: string;
}

/** The newest checkpoint that this project was seen at; `undefined` before the first. */
async function readSeen(file: string, origin: string): Promise<Seen | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const seen = JSON.parse(text) as Partial<Seen>;
    if (seen.origin === origin && Number.isSafeInteger(seen.size) && typeof seen.rootHash === 'string')
      return seen as Seen;
  } catch {
    // falls through to the error: a memory that cannot be read must not pass for an empty one
  }
  throw new PipelineError('HF_LEDGER_ROLLED_BACK', `\`${file}\`, the memory of the newest checkpoint, cannot be read`, {
    where: file,
    fix: 'restore it; remove it only if you know that the ledger is the newest one',
  });
}

/**
 * Compares a ledger with the one seen before: it must have grown from it.
 *
 * @throws PipelineError HF_LEDGER_ROLLED_BACK, HF_LEDGER_FORKED
 */
export async function compareWithSeen(file: string, reader: LedgerReader): Promise<void> {
  const { origin, size } = reader.checkpoint;
  const seen = await readSeen(file, origin);
  if (seen === undefined) return;
  if (size < seen.size) {
    throw new PipelineError(
      'HF_LEDGER_ROLLED_BACK',
      `the ledger \`${origin}\` has ${size} entries; ${seen.size} were seen here before`,
    );
  }
  if (Buffer.from(await reader.rootAt(seen.size)).toString('base64') === seen.rootHash) return;
  throw new PipelineError(
    'HF_LEDGER_FORKED',
    `the ledger \`${origin}\` is not the one of which ${seen.size} entries were seen here`,
  );
}

/** Remembers the checkpoint that has just been verified. */
export async function rememberSeen(file: string, reader: LedgerReader): Promise<void> {
  const { origin, size, rootHash } = reader.checkpoint;
  const seen: Seen = { origin, size, rootHash: Buffer.from(rootHash).toString('base64') };
  await writeDurably(file, `${JSON.stringify(seen)}\n`);
}
