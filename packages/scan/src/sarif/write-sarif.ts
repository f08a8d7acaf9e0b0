import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ScanReport } from '../paths/report.ts';
import { mostCompressedBytes, mostResults } from './github-limits.ts';
import { type SarifLog, sarifRun, type Told, toldBy } from './sarif-log.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * A report as SARIF 2.1.0, in JSON, of a size that GitHub takes: the worst results are kept, and it says what is not
 * there.
 *
 * @param folder where the paths of the report start; files below it are named relative to it
 */
export function sarifText(report: ScanReport, folder: string): string {
  const all = toldBy(report, (root, file) => uriOf(folder, root, file));
  let kept = all.slice(0, mostResults);
  let notes = notesOn(all, kept);
  let text = textOf(report, kept, notes);
  for (const attempt of ['without steps', 'half', 'half', 'half', 'half', 'half', 'half', 'half']) {
    if (!isTooLarge(text)) break;
    kept = attempt === 'half' ? kept.slice(0, Math.ceil(kept.length / 2)) : kept.map(withoutSteps);
    notes = [...notesOn(all, kept), 'the steps that lead to a finding are left out: the file would be too large'];
    text = textOf(report, kept, notes);
  }
  return text;
}

function textOf(report: ScanReport, told: readonly Told[], notes: readonly string[]): string {
  const log: SarifLog = { $schema: schema, version: '2.1.0', runs: [sarifRun(report, told, notes)] };
  return JSON.stringify(log);
}

/** Compressing takes a while, and what is small enough without is so with. */
const isTooLarge = (text: string): boolean =>
  text.length > mostCompressedBytes / 2 && gzipSync(text, { level: 1 }).byteLength > mostCompressedBytes;

function notesOn(all: readonly Told[], kept: readonly Told[]): string[] {
  const gone = all.length - kept.length;
  return gone === 0 ? [] : [`${gone} of ${all.length} results are left out, the least severe ones: --json has all`];
}

function withoutSteps(told: Told): Told {
  const { codeFlows, ...result } = told.result;
  return codeFlows === undefined ? told : { ...told, result };
}

/** RFC 3986: relative to the folder where that is possible, else absolute. */
function uriOf(folder: string, root: string, file: string | undefined): string {
  const absolute = file === undefined ? resolve(folder, root) : resolve(folder, root, file);
  const path = relative(folder, absolute);
  if (path === '' || path.startsWith(`..${sep}`) || path === '..') return pathToFileURL(absolute).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}
