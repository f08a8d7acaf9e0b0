import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { shown } from '@holdfast/sandbox/errors';
import { PipelineError } from '../errors.ts';
import { type DeclaredSource, requirePlace } from './declared-source.ts';
import { followRedirects } from './follow-redirects.ts';
import { announced, type HttpsAnswer, type TlsFacts } from './https-answer.ts';
import type { Patience } from './patience.ts';
import { publicUri } from './public-uri.ts';
import { fileBytes, fileOf } from './source-bytes.ts';
import { outOfPatience, requestProblem, writeProblem } from './source-error.ts';

/** What came in, and from whom. */
export interface Received {
  /** Lower-case hex, of the bytes as they are stored. */
  readonly sha256: string;
  readonly bytes: number;
  /** Of a server: its name and port, how it proved who it is, the mark that it puts on these bytes. */
  readonly server?: { readonly host: string; readonly tls: TlsFacts; readonly etag?: string };
}

export interface ReceiveWish {
  /** Absolute path of a path in the project. */
  readonly absolute: (path: string) => string;
  readonly authorities: readonly string[] | undefined;
  readonly patience: Patience;
  /**
   * Whether the digest or the signature of the whole is checked afterwards. Only then it is gone on behind a part: the
   * mark that says that parts belong together is the server's word.
   */
  readonly isJudged: boolean;
  /** A mark that the server put on bytes that are here: where it says that they are still the same, none come. */
  readonly knownMark?: string;
  /** Of the bytes that are there and of all, where the server says how many. */
  readonly progress?: (bytes: number, total: number | undefined) => void;
  /** Something that whoever waits should know. */
  readonly notice?: (text: string) => void;
  /** Before a connection is tried again. */
  readonly pauseMs?: number;
}

/** Connections for one source: a second and a third where one broke. */
const mostTries = 3;

/**
 * Receives a source into an open, empty file, and digests it on the way. Where a connection breaks it goes on behind
 * what is there if the server marks its bytes so that this is safe, and else starts again. It is for the caller to
 * compare the digest (`isJudged`).
 *
 * @returns `undefined`: the server says that it is what `knownMark` stands for
 * @throws PipelineError HF_SOURCE_…; the system's error where the file cannot be written
 */
export async function receive(
  source: DeclaredSource,
  into: FileHandle,
  wish: ReceiveWish,
): Promise<Received | undefined> {
  const incoming = new Incoming(source, into, wish);
  if (requirePlace(source) === 'file') {
    await incoming.take(fileBytes(fileOf(source.uri, wish.absolute), wish.patience), undefined);
    return incoming.received(undefined);
  }
  return receiveOverTls(source, incoming, wish);
}

async function receiveOverTls(
  source: DeclaredSource,
  incoming: Incoming,
  wish: ReceiveWish,
): Promise<Received | undefined> {
  let mark: string | undefined;
  for (let tries = 1; ; tries++) {
    const range = rangeOf(incoming.bytes, mark);
    const headers = { ...range, ...(wish.knownMark === undefined ? {} : { 'if-none-match': wish.knownMark }) };
    const answer = await followRedirects(new URL(source.uri), source.hosts, { ...wish, headers });
    try {
      if (answer.status === 304 && wish.knownMark !== undefined) return undefined;
      const total = await begin(answer, incoming, range !== undefined);
      requireEnd(source, answer);
      mark = wish.isJudged ? strongMark(answer) : undefined;
      await incoming.take(bodyOf(answer, wish.patience), total);
      return incoming.received(answer);
    } catch (error) {
      if (!isBroken(error) || tries === mostTries) throw error;
      const on =
        rangeOf(incoming.bytes, mark) === undefined ? 'starts again' : `goes on behind ${incoming.bytes} bytes`;
      wish.notice?.(`the connection broke: the fetch ${on}`);
      await sleep((wish.pauseMs ?? 1000) * tries, undefined, { signal: wish.patience.signal }).catch(() => undefined);
    } finally {
      answer.body.on('error', () => undefined);
      answer.body.destroy();
    }
  }
}

const isBroken = (error: unknown): boolean => error instanceof PipelineError && error.code === 'HF_SOURCE_INCOMPLETE';

/** RFC 9110 section 14.2 and 13.1.5: only a strong mark says that a part belongs to the same bytes. */
function rangeOf(bytes: number, mark: string | undefined): Record<string, string> | undefined {
  return bytes === 0 || mark === undefined ? undefined : { range: `bytes=${bytes}-`, 'if-range': mark };
}

function strongMark({ headers }: HttpsAnswer): string | undefined {
  const mark = headers.etag;
  return mark !== undefined && /^"[\x21\x23-\x7e]{1,256}"$/.test(mark) ? mark : undefined;
}

/** Makes ready for the body. @returns the number of all bytes, where it is told */
async function begin(answer: HttpsAnswer, incoming: Incoming, isPart: boolean): Promise<number | undefined> {
  const { status, headers, url } = answer;
  const where = publicUri(url.href);
  const { length } = announced(answer);
  if (status === 206 && isPart) {
    const [, start, total] =
      /^bytes ([0-9]{1,15})-[0-9]{1,15}\/([0-9]{1,15})$/.exec(headers['content-range'] ?? '') ?? [];
    if (Number(start) === incoming.bytes) return incoming.requireRoom(Number(total));
    throw new PipelineError('HF_SOURCE_ANSWER', 'the server sends another part than it was asked for', { where });
  }
  if (status !== 200) {
    throw new PipelineError('HF_SOURCE_ANSWER', `the server answers ${shown(String(status))}`, { where });
  }
  await incoming.startAgain();
  return incoming.requireRoom(length);
}

/** What has no end of its own could have been cut anywhere, and nothing else would tell. */
function requireEnd({ sha256, signer }: DeclaredSource, answer: HttpsAnswer): void {
  if (sha256 !== undefined || signer !== undefined || announced(answer).hasEnd) return;
  const message = 'the server does not say where the bytes end, and no digest would tell whether some are missing';
  throw new PipelineError('HF_SOURCE_ANSWER', message, { where: publicUri(answer.url.href), fix: 'pin its `sha256`' });
}

async function* bodyOf({ body, url }: HttpsAnswer, patience: Patience): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch (error) {
    throw requestProblem(error, patience, publicUri(url.href), true);
  }
  if (!body.complete) throw requestProblem(undefined, patience, publicUri(url.href), true);
}

/** A file that fills up. */
class Incoming {
  readonly #source: DeclaredSource;
  readonly #file: FileHandle;
  readonly #wish: ReceiveWish;
  #hash: Hash = createHash('sha256');
  #bytes = 0;

  constructor(source: DeclaredSource, file: FileHandle, wish: ReceiveWish) {
    this.#source = source;
    this.#file = file;
    this.#wish = wish;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async startAgain(): Promise<void> {
    if (this.#bytes > 0) await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#bytes = 0;
  }

  /** @throws PipelineError HF_SOURCE_TOO_LARGE where more will come than may */
  requireRoom(total: number | undefined): number | undefined {
    if (total === undefined || total <= this.#source.maxBytes) return total;
    const message = `the source has ${total} bytes, and \`maxSize\` allows ${this.#source.maxBytes}`;
    throw new PipelineError('HF_SOURCE_TOO_LARGE', message, { where: this.#source.shownUri });
  }

  async take(pieces: AsyncIterable<Uint8Array>, total: number | undefined): Promise<void> {
    const { patience, progress } = this.#wish;
    for await (const piece of pieces) {
      patience.busy();
      this.requireRoom(this.#bytes + piece.length);
      await this.#write(piece);
      progress?.(this.#bytes, total);
      patience.heard();
    }
    const ended = outOfPatience(patience, this.#source.shownUri);
    if (ended !== undefined) throw ended;
    if (total === undefined || total === this.#bytes) return;
    const message = `${this.#bytes} bytes came, and ${total} were promised`;
    throw new PipelineError('HF_SOURCE_INCOMPLETE', message, { where: this.#source.shownUri });
  }

  received(answer: HttpsAnswer | undefined): Received {
    const sha256 = this.#hash.digest('hex');
    if (answer === undefined) return { sha256, bytes: this.#bytes };
    const { url, tls, headers } = answer;
    const etag = headers.etag === undefined ? {} : { etag: headers.etag };
    return { sha256, bytes: this.#bytes, server: { host: url.host, tls, ...etag } };
  }

  async #write(piece: Uint8Array): Promise<void> {
    for (let done = 0; done < piece.length; ) {
      const left = piece.length - done;
      const { bytesWritten } = await this.#file.write(piece, done, left, this.#bytes + done).catch((error: unknown) => {
        throw writeProblem(error, this.#source.targets[0]?.path ?? this.#source.name);
      });
      done += bytesWritten;
    }
    this.#hash.update(piece);
    this.#bytes += piece.length;
  }
}
