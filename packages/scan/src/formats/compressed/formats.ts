import { constants, inflateSync } from 'node:zlib';
import { type ByteSource, headOf } from '../../bytes/source.ts';
import type { Packing } from '../../bytes/unpack.ts';
import type { Format } from '../../format.ts';

const probeBytes = 4096;
/** joblib writes all of these under its own extension, or that of pickle. */
const joblib = ['joblib', 'pkl', 'pickle'];

function packed(
  name: Packing,
  extensions: readonly string[],
  recognise: (head: Uint8Array, source: ByteSource) => ReturnType<Format['recognise']>,
): Format {
  return {
    ...{ name, title: `${name} stream`, extensions: [...extensions, ...joblib], carriesCode: true, rules: [] },
    recognise: (source) => recognise(headOf(source, 32), source),
    load: async () => (await import('./scan.ts')).scanPacked(name),
  };
}

function startsWith(...signature: readonly number[]): (head: Uint8Array) => 'certain' | undefined {
  return (head) => (signature.every((byte, index) => head[index] === byte) ? 'certain' : undefined);
}

/** A level, and the mark of the first block or of the end. */
function looksLikeBzip2(head: Uint8Array): 'certain' | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('hex');
  return /^425a683[1-9](314159265359|177245385090)/.test(text) ? 'certain' : undefined;
}

/** RFC 1950: two bytes are no signature, so what follows has to unpack: the whole of a small one, else its start. */
function looksLikeZlib(head: Uint8Array, source: ByteSource): 'certain' | undefined {
  const [method = 0, flags = 0] = head;
  const isHeader = (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0;
  if (!isHeader) return undefined;
  const finishFlush = source.size <= probeBytes ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  try {
    inflateSync(headOf(source, probeBytes), { finishFlush, maxOutputLength: probeBytes * 1100 });
    return 'certain';
  } catch {
    return undefined;
  }
}

/** No signature: lc 3, lp 0, pb 2 as every encoder writes, a dictionary of 2^n or 2^n + 2^(n−1), a size that can be. */
function looksLikeLzma(head: Uint8Array): 'possible' | undefined {
  if (head.byteLength < 18 || head[0] !== 0x5d || head[13] !== 0) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [dictionary, size] = [view.getUint32(1, true), view.getBigUint64(5, true)];
  const top = 2 ** Math.floor(Math.log2(Math.max(1, dictionary)));
  const isRound = dictionary === 0xffffffff || dictionary === top || dictionary === top * 1.5;
  return isRound && (size === 2n ** 64n - 1n || size < 2n ** 40n) ? 'possible' : undefined;
}

/** What packs one file; the content is recognised in turn. */
export const compressed: readonly Format[] = [
  packed('gzip', ['gz', 'tgz'], startsWith(0x1f, 0x8b, 8)),
  packed('bz2', ['bz2', 'tbz2'], looksLikeBzip2),
  packed('xz', ['xz', 'txz'], startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)),
  packed('zstd', ['zst', 'zstd'], startsWith(0x28, 0xb5, 0x2f, 0xfd)),
  packed('lz4', ['lz4'], startsWith(0x04, 0x22, 0x4d, 0x18)),
  packed('zlib', ['z'], looksLikeZlib),
  packed('lzma', ['lzma'], looksLikeLzma),
];
