import { headOf, NotUnderstood, piecesOf } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { reportCode } from '../code/report-code.ts';
import { scanTemplate } from '../jinja/scan.ts';
import { isControl } from './format.ts';
import { scanLightGbm } from './lightgbm.ts';
import { purposeOf } from './purpose.ts';
import { scanYaml } from './yaml.ts';

/** Reads all of a text. It is clean when it is text to its end, nothing runs it, and its name says what it is for. */
export function scanText(part: Inspection): void {
  const lines = requireText(part);
  const head = Buffer.from(headOf(part.source, 4096)).toString('utf8');
  const purpose = purposeOf(part.name, head);
  part.summary = `${purpose.title}, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
  switch (purpose.kind) {
    case 'code':
      if (part.source.size > 0) reportCode(part, purpose.title);
      break;
    case 'template':
      scanTemplate(part);
      break;
    case 'yaml':
      scanYaml(part);
      break;
    case 'lightgbm':
      scanLightGbm(part);
      break;
    case 'unclear':
      part.leave(purpose.reason ?? `text of a purpose that ${shown(part.name, 40)} does not tell`);
      break;
    case 'plain':
      break;
  }
}

/** @returns how many lines it has @throws NotUnderstood unless it is UTF-8 without control characters, to the end */
function requireText(part: Inspection): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [lines, at, last] = [0, 0, 0x0a];
  for (const piece of piecesOf(part.source)) {
    part.requireTime();
    requireUtf8(() => decoder.decode(piece, { stream: true }), at);
    const control = piece.findIndex(isControl);
    if (control !== -1) throw new NotUnderstood('a control character in a text', at + control);
    for (let line = piece.indexOf(0x0a); line !== -1; line = piece.indexOf(0x0a, line + 1)) lines += 1;
    at += piece.byteLength;
    last = piece.at(-1) ?? last;
    part.scan.progress(at);
  }
  requireUtf8(() => decoder.decode(), at);
  return last === 0x0a ? lines : lines + 1;
}

function requireUtf8(decode: () => unknown, at: number): void {
  try {
    decode();
  } catch {
    throw new NotUnderstood('a text that is not UTF-8', at);
  }
}
