import { createReadStream, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { firstDigest, lineDigest } from './entry.ts';
import type { LogSegment } from './request-log.ts';

/** A part of a log that nobody writes to any more. */
export type LeftPart =
  | {
      readonly isWhole: true;
      readonly segment: LogSegment;
      /** Bytes of a last line that was not written to its end, and so answered to nobody; they are cut off. */
      readonly cut: number;
    }
  | { readonly isWhole: false; readonly path: string; readonly why: string };

const newline = 10;
/** Longer than any line: ids, digests, names and rules are all bounded. */
const longestLine = 1024 * 1024;

/** The parts that a log left in a folder, in their order. */
export function partsOf(folder: string, name: string): readonly string[] {
  const parts = readdirSync(folder).filter(
    (file) => file.startsWith(`${name}-`) && /^[0-9]{6,}\.jsonl$/.test(file.slice(name.length + 1)),
  );
  return parts.toSorted().map((file) => join(folder, file));
}

/**
 * Reads a part that a process left when it was killed: every line has to follow the one before. What is torn at the end is cut off, as
 * its request was not answered.
 *
 * @returns undefined for one without a whole line, which is emptied
 */
export async function leftPart(path: string): Promise<LeftPart | undefined> {
  let [entries, first, before, last] = [0, 0, firstDigest, firstDigest];
  let whole = 0;
  for await (const line of linesOf(path)) {
    if (line === undefined) return { isWhole: false, path, why: 'a line is longer than any that is written' };
    const link = linkOf(line.toString('utf8'));
    if (link === undefined) return { isWhole: false, path, why: `line ${entries + 1} is no entry` };
    if (entries === 0) [first, before] = [link.sequence, link.before];
    else if (link.sequence !== first + entries || link.before !== last) {
      return { isWhole: false, path, why: `line ${entries + 1} does not follow the one before` };
    }
    entries += 1;
    last = lineDigest(line.toString('utf8'));
    whole += line.length + 1;
  }
  const cut = statSync(path).size - whole;
  if (cut > 0) truncateSync(path, whole);
  if (entries === 0) return undefined;
  return { isWhole: true, segment: { path, entries, first, before, last }, cut };
}

/** Whole lines, without their breaks; undefined for one that is too long. */
async function* linesOf(path: string): AsyncGenerator<Buffer | undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline, from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > longestLine) yield undefined;
  }
}

function linkOf(line: string): { readonly sequence: number; readonly before: string } | undefined {
  try {
    const { sequence, before } = JSON.parse(line) as { readonly sequence?: unknown; readonly before?: unknown };
    const isLink = typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence >= 0;
    return isLink && typeof before === 'string' && /^[0-9a-f]{64}$/.test(before) ? { sequence, before } : undefined;
  } catch {
    return undefined;
  }
}
