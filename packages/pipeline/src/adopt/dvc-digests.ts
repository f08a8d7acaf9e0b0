import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** The digests of a file, of one reading; lower-case hexadecimal. */
export interface DvcDigests {
  readonly md5: string;
  /** MD5 as DVC 2 and older computed it, in either of their two ways. */
  readonly legacyMd5: readonly string[];
  readonly sha256: string;
}

/** The size of the pieces in which DVC reads a file: text is told from data by the first 512 bytes of a piece. */
const pieceBytes = 2 ** 20;
const sampleBytes = 512;

/**
 * Reads a file once for MD5 and SHA-256.
 *
 * Until DVC 3, MD5 was that of the text with `\r\n` made `\n`, where the file looked like text: told once by its first
 * 512 bytes (dvc-data 0.x), or anew for each piece of 1 MiB (`md5-dos2unix` of dvc-data 2 and newer).
 *
 * @param isLegacy whether `legacyMd5` is asked for; else it is empty
 * @throws the system's error when it cannot be read
 */
export async function dvcDigests(path: string, isLegacy: boolean): Promise<DvcDigests> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  const legacy = isLegacy ? new LegacyMd5() : undefined;
  const file = await open(path);
  try {
    // a folder of many small files would else spend its time on empty memory
    const { size } = await file.stat();
    const buffer = Buffer.allocUnsafeSlow(Math.min(pieceBytes, size + 1));
    for (;;) {
      const length = await fill(buffer, (target, at) => file.read(target, at, target.length - at));
      if (length === 0) break;
      const piece = buffer.subarray(0, length);
      md5.update(piece);
      sha256.update(piece);
      legacy?.update(piece);
    }
  } finally {
    await file.close();
  }
  return { md5: md5.digest('hex'), legacyMd5: legacy?.digests() ?? [], sha256: sha256.digest('hex') };
}

/** The two ways in which DVC computed MD5 of texts. */
class LegacyMd5 {
  readonly #once = createHash('md5');
  readonly #each = createHash('md5');
  #isText: boolean | undefined;

  update(piece: Buffer): void {
    const isTextHere = looksLikeText(piece.subarray(0, sampleBytes));
    this.#isText ??= isTextHere;
    const unix = this.#isText || isTextHere ? withUnixLines(piece) : piece;
    this.#once.update(this.#isText ? unix : piece);
    this.#each.update(isTextHere ? unix : piece);
  }

  digests(): readonly string[] {
    return [...new Set([this.#once.digest('hex'), this.#each.digest('hex')])];
  }
}

/** Reads until the buffer is full or the file ends: pieces must begin where DVC's begin. */
async function fill(
  buffer: Buffer,
  read: (target: Buffer, at: number) => Promise<{ readonly bytesRead: number }>,
): Promise<number> {
  let at = 0;
  while (at < buffer.length) {
    const { bytesRead } = await read(buffer, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}

/** dvc_data/hashfile/istextfile.py: no NUL, and at most 30 % of the bytes are neither printable ASCII nor white space. */
function looksLikeText(sample: Buffer): boolean {
  if (sample.length === 0) return true;
  if (sample.includes(0)) return false;
  const strange = sample.filter((byte) => !((byte >= 32 && byte < 127) || [8, 9, 10, 12, 13].includes(byte)));
  return strange.length / sample.length <= 0.3;
}

function withUnixLines(piece: Buffer): Buffer {
  const result = Buffer.allocUnsafe(piece.length);
  let length = 0;
  for (let at = 0; at < piece.length; at += 1) {
    if (piece[at] === 13 && piece[at + 1] === 10) continue;
    result[length] = piece[at] ?? 0;
    length += 1;
  }
  return result.subarray(0, length);
}
