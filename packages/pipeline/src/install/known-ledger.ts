import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Archive, openArchive } from '@holdfast/evidence/archive';
import type { Trust } from '@holdfast/evidence/trust';
import { type EvidenceView, verifyLedger } from '@holdfast/evidence/view';
import { syncFolder } from '@holdfast/ledger/durable-file';
import { LedgerError } from '@holdfast/ledger/errors';
import { openLedgerReader } from '@holdfast/ledger/ledger-reader';
import { nodeCryptography } from '@holdfast/ledger/node-cryptography';
import { PipelineError } from '../errors.ts';
import { requireSound } from '../sound.ts';

/** The newest evidence that a device has seen, twice: one of them may be torn by a fault of the disk. */
const knownFiles = ['evidence.holdfast', 'evidence.copy.holdfast'] as const;

/** A ledger that verified against the trust of the device, with nothing broken in it. */
export interface KnownLedger {
  readonly archive: Archive;
  readonly view: EvidenceView;
}

/**
 * Verifies the ledger in an archive. What came before has to be its beginning.
 *
 * @throws PipelineError HF_INSTALL_OLDER, HF_INSTALL_OTHER_DEVICE; EvidenceError; LedgerError
 */
export async function verifyKnown(file: string, trust: Trust, seen?: EvidenceView): Promise<KnownLedger> {
  const archive = await openArchive(file);
  const known = trust.ledgers.find(({ origin }) => origin === archive.origin);
  if (known === undefined) {
    throw new PipelineError('HF_INSTALL_UNSIGNED', `this device trusts no ledger \`${archive.origin}\``, {
      where: file,
    });
  }
  if (seen !== undefined && seen.origin !== archive.origin) {
    throw new PipelineError(
      'HF_INSTALL_OTHER_DEVICE',
      `this device follows the ledger \`${seen.origin}\`, not \`${archive.origin}\``,
    );
  }
  const { origin, verifierKeys } = known;
  const options = { origin, verifierKeys, requireAll: true, ...(seen === undefined ? {} : { seen }) };
  const reader = await openLedgerReader(archive.tiles, options).catch((error: unknown) => {
    if (!(error instanceof LedgerError) || error.code !== 'HF_LEDGER_ROLLBACK') throw error;
    throw new PipelineError(
      'HF_INSTALL_OLDER',
      `the archive ends before entry ${seen?.size ?? 0} of its ledger, which this device has seen`,
      { cause: error },
    );
  });
  const view = await verifyLedger(reader, archive.evidence, trust, nodeCryptography);
  requireSound(view);
  return { archive, view };
}

/**
 * The newest evidence that the device has seen; `undefined` before the first.
 *
 * @throws PipelineError HF_INSTALL_STATE when there is some, and none of it verifies
 */
export async function readKnown(folder: string, trust: Trust): Promise<KnownLedger | undefined> {
  const files = knownFiles.map((name) => join(folder, name));
  const there = await Promise.all(files.map((file) => stat(file).then(() => true, isThere)));
  if (!there.includes(true)) return undefined;
  const read = await Promise.allSettled(files.map((file) => verifyKnown(file, trust)));
  const sound = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [first] = sound.toSorted((a, b) => b.view.size - a.view.size);
  if (first !== undefined) return first;
  const cause: unknown = read.find((one) => one.status === 'rejected')?.reason;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new PipelineError('HF_INSTALL_STATE', `the evidence that this device has seen cannot be used: ${why}`, {
    where: files[0] ?? folder,
    cause,
  });
}

const isThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code !== 'ENOENT';

/** Remembers evidence that has just been verified, each copy whole or as it was. */
export async function rememberKnown(folder: string, { archive }: KnownLedger): Promise<void> {
  for (const name of knownFiles) {
    const written = join(folder, `.${name}`);
    await archive.writeEvidence(written);
    await rename(written, join(folder, name));
    await syncFolder(folder);
  }
}
