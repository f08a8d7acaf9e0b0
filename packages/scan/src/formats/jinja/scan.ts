import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { judgeTemplate } from './judge-template.ts';
import { parseTemplate } from './statements.ts';

const maximumBytes = 2 ** 19;

/**
 * Judges a chat template by its syntax: it is never rendered. A text without any tag is a template, too.
 *
 * @throws NotUnderstood for what Jinja would refuse, and beyond 512 KiB
 */
export function scanTemplate(part: Inspection): void {
  part.format ??= 'jinja';
  const { size } = part.source;
  if (size > maximumBytes) throw new NotUnderstood(`a template of ${size} bytes`);
  const text = decode(part.source.read(0, size));
  const found = judgeTemplate(parseTemplate(text)).toSorted((a, b) => a.at - b.at);
  let [characters, bytes] = [0, 0];
  for (const { rule, message, at } of found) {
    bytes += Buffer.byteLength(text.slice(characters, at));
    characters = at;
    part.report(rule, { message, at: bytes });
  }
  part.summary = 'chat template';
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotUnderstood('a template that is not UTF-8');
  }
}
