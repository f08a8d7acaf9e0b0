import { PartSource } from '../../bytes/source.ts';
import { type Packing, unpackedFront, unpackerOf } from '../../bytes/unpack.ts';
import type { Inspection } from '../../inspection.ts';

/**
 * Unpacks a file and looks at what was in it. Where it breaks off, a program that reads as it unpacks has run what came
 * before: so that is looked at, too, and the file is not clean.
 */
export function scanPacked(method: Packing): (part: Inspection) => Promise<void> {
  return async (part) => {
    const { content, end, problem } = await unpackedFront(part, part.source, await unpackerOf(method));
    using unpacked = content;
    part.summary = `${unpacked.size} bytes, packed by ${method}`;
    if (problem !== undefined) part.leave(problem.message, problem.at === undefined ? {} : { at: problem.at });
    await part.enter(contentName(part.name), unpacked);
    if (end === part.source.size) return;
    const rest = part.source.size - end;
    part.leave(`${rest} bytes follow what is packed: some programs read them, some do not`, { at: end });
    await part.enter(`bytes at ${end}`, new PartSource(part.source, end, rest));
  };
}

/** `model.pkl.gz` holds `model.pkl`, `weights.tgz` holds `weights.tar`; joblib's files have one name for both. */
function contentName(name: string): string {
  return name.replace(/\.(?:t(gz|bz2|xz)|gz|bz2|xz|zstd?|lz4|z|lzma)$/i, (_, tape) =>
    tape === undefined ? '' : '.tar',
  );
}
