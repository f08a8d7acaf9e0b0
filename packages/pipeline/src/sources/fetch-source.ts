import { join } from 'node:path';
import { PipelineError } from '../errors.ts';
import { arrive } from './arriving-file.ts';
import { type DeclaredSource, signatureOf } from './declared-source.ts';
import { Patience } from './patience.ts';
import { type Received, type ReceiveWish, receive } from './receive.ts';
import { requireSigned } from './signed-bytes.ts';

export interface FetchWish extends Pick<ReceiveWish, 'authorities' | 'progress' | 'notice' | 'pauseMs'> {
  /** Absolute path of the project. */
  readonly folder: string;
  /** Of the signer of the source: SPKI in PEM. */
  readonly keys: readonly string[];
  /** Without a byte, until the source is given up; absent: a minute. */
  readonly idleMs?: number;
  readonly signal: AbortSignal;
}

/** Long enough for a server that makes its answer first. */
export const usualIdleMs = 60_000;
/** A signature of one file has a few kilobytes. */
const signatureBytes = 1024 * 1024;

/**
 * Fetches a source to a path, where it appears only when its bytes are those that are pinned or signed.
 *
 * @param target absolute
 * @throws PipelineError HF_SOURCE_…
 */
export async function fetchTo(target: string, source: DeclaredSource, wish: FetchWish): Promise<Received> {
  const patience = new Patience(wish.signal, { idleMs: wish.idleMs ?? usualIdleMs, totalMs: source.totalMs });
  const isJudged = source.sha256 !== undefined || source.signer !== undefined;
  const receiving: ReceiveWish = { ...wish, absolute: (path) => join(wish.folder, path), patience, isJudged };
  const mode = modeOf(source);
  try {
    return await arrive({
      ...{ target, mode },
      receive: async (file) => whole(await receive(source, file, receiving)),
      judge: async (temporary, received) => {
        requirePinned(source, received);
        if (source.signer !== undefined) await fetchSignature(`${target}.sig`, temporary, source, receiving, wish.keys);
      },
    });
  } finally {
    patience.release();
  }
}

/** What is confidential is for this user alone. */
function modeOf({ isConfidential }: Pick<DeclaredSource, 'isConfidential'>): number {
  return isConfidential ? 0o600 : 0o644;
}

/** Without a mark that is known nobody can say that nothing changed. */
function whole(received: Received | undefined): Received {
  if (received === undefined) throw new TypeError('a source was said to be unchanged that nobody knew before');
  return received;
}

function requirePinned({ name, sha256, shownUri }: DeclaredSource, received: Received): void {
  if (sha256 === undefined || sha256 === received.sha256) return;
  const message = `\`${name}\` gives other bytes than it pins: ${received.sha256}, not ${sha256}`;
  throw new PipelineError('HF_SOURCE_MISMATCH', message, {
    where: shownUri,
    fix: 'find out why; only if the source really changed, review the change and pin the new digest',
  });
}

/**
 * Fetches the signature of a source and moves it to its place when it is one of these bytes.
 *
 * The signature comes to its place before the bytes do: bytes beside a signature of others are refused by every check.
 *
 * @throws PipelineError HF_SOURCE_SIGNATURE, and as `receive`
 */
export async function fetchSignature(
  target: string,
  bytes: string,
  source: DeclaredSource,
  receiving: ReceiveWish,
  keys: readonly string[],
): Promise<void> {
  const { name, signer = '' } = source;
  const quietly = { ...receiving, isJudged: true, progress: () => undefined };
  await arrive({
    ...{ target, mode: modeOf(source) },
    receive: async (file) => receive({ ...signatureOf(source), maxBytes: signatureBytes }, file, quietly),
    judge: async (temporary) => requireSigned(bytes, temporary, { signer, keys, name }),
  });
}
