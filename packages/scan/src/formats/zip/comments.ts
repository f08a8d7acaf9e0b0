import type { Inspection } from '../../inspection.ts';
import { zipRules } from './rules.ts';

const mostBytes = 1024;

/** Comments of a zip and of its entries are for people (APPNOTE 4.4.18, 4.4.26): a few words, or they hide something. */
export function reportComment(part: Inspection, comment: Uint8Array, at: number): void {
  const text = Buffer.from(comment.buffer, comment.byteOffset, comment.byteLength).toString('utf8');
  if (comment.byteLength <= mostBytes && !/[^\P{C}\t\r\n]|\ufffd/u.test(text)) return;
  const message = `a comment of ${comment.byteLength} bytes, which is none that people read`;
  part.report(zipRules.stray, { message, at });
}
