import { join } from 'node:path';
import type { ArtifactReader, Check, CheckContext, Finding, Report } from '@holdfast/evidence/check';
import { type AllowEntry, type AllowList, allowListOf } from './allow-list.ts';
import { NotUnderstood } from './bytes/source.ts';
import type { Left } from './finding.ts';
import type { FileResult } from './result.ts';
import { scanFile } from './scan-file.ts';
import { worst } from './verdict.ts';

/** The check behind {@link scanCheck}: scans every file of the artifact, one after the other. */
export const scanCheckRun: Check = {
  async run(artifact, options, context) {
    const entries = entriesOf(options);
    const scanning = { files: new Set(artifact.files.map(({ name }) => name)), allow: allowListOf(entries) };
    const total = Math.max(1, sumOf(artifact.files.map(({ size }) => size)));
    const results: FileResult[] = [];
    let done = 0;
    for (const file of artifact.files) {
      context.signal.throwIfAborted();
      const progress = (bytes: number): void => {
        context.progress(Math.min(1, (done + bytes) / total));
      };
      results.push(await scanOne(artifact, file, { ...scanning, progress }));
      done += file.size;
    }
    context.progress(1);
    return reportOf(results, entries.length);
  },
};

interface Scanning {
  readonly files: ReadonlySet<string>;
  readonly allow: AllowList;
  readonly progress: CheckContext['progress'];
}

/** One file, of which every byte that was scanned must be a byte that was digested. */
async function scanOne(
  { path, digest }: ArtifactReader,
  { name, size, sha256 }: ArtifactReader['files'][number],
  { files, allow, progress }: Scanning,
): Promise<FileResult> {
  // a single file is its own base name; in a folder names are relative to it
  const where = digest['dirHash'] === undefined ? path : join(path, name);
  try {
    const result = await scanFile(where, { folder: { files, path: name }, allow, progress });
    return result.sha256 === sha256 ? result : changed(result);
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    return unread(name, size, why);
  }
}

/** What was found is of other bytes: nothing of it is about this artifact. */
const changed = ({ path, size }: FileResult): FileResult =>
  unread(path, size, 'it is not the file that was digested: something wrote to it meanwhile');

function unread(path: string, size: number, reason: string): FileResult {
  return { path, size, verdict: 'unknown', summary: reason, findings: [], left: [{ part: [], reason }], parts: 0 };
}

/** Why a file could not be read; `undefined` for what is a mistake of this program. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof NotUnderstood) return error.message;
  const code: unknown = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? `it cannot be read (${code})` : undefined;
}

/** At most so many findings, and lines on what was left, of one artifact. */
const most = 2000;
/** Characters of one text. */
const longest = 2000;

function reportOf(results: readonly FileResult[], allowed: number): Report {
  const findings = results.flatMap((file) => file.findings.map((finding) => ({ file, finding })));
  const left = results.flatMap((file) => file.left.map((line) => leftLine(file, line)));
  // the worst first, so that none of them is among what does not fit
  const ranked = findings.toSorted((a, b) => rank(a.finding.verdict) - rank(b.finding.verdict));
  const examined = results.filter((file) => file.left.length === 0);
  return {
    verdict: results.length === 0 ? 'unknown' : worst(results.map(({ verdict }) => verdict)),
    origin: 'measured',
    metrics: {
      files: results.length,
      bytes: sumOf(results.map(({ size }) => size)),
      parts: sumOf(results.map(({ parts }) => parts)),
      allowed,
    },
    findings: ranked.slice(0, most).map(({ file, finding }) => findingOf(file, finding)),
    coverage: {
      examined: examined.length,
      total: results.length,
      left: [...(results.length === 0 ? ['there is no file'] : []), ...bounded(left, findings.length)],
    },
  };
}

const rank = (verdict: FileResult['verdict']): number => ['fail', 'unknown', 'warn', 'pass'].indexOf(verdict);

function findingOf({ path }: FileResult, finding: FileResult['findings'][number]): Finding {
  const { rule, severity, message, part, within, at, fix } = finding;
  return {
    ...{ rule, severity, message: textOf(message), where: textOf(placeOf(path, part, within, at)) },
    ...(fix === undefined ? {} : { fix: textOf(fix) }),
  };
}

function leftLine({ path }: FileResult, { part, at, reason, fix }: Left): string {
  return textOf(`${placeOf(path, part, undefined, at)}: ${reason}${fix === undefined ? '' : ` (${fix})`}`);
}

/** `weights/model.pt › archive/data.pkl, offset 1204` */
function placeOf(path: string, part: readonly string[], within: string | undefined, at: number | undefined): string {
  const names = [path, ...part].join(' › ');
  return [names, ...(within === undefined ? [] : [within]), ...(at === undefined ? [] : [`offset ${at}`])].join(', ');
}

function bounded(lines: readonly string[], findings: number): readonly string[] {
  const more = lines.length - most;
  return [
    ...lines.slice(0, most),
    ...(more > 0 ? [`${more} more of these`] : []),
    ...(findings > most ? [`${findings - most} findings more than a report holds`] : []),
  ];
}

/** A text that evidence can carry: of bounded length, and without half a character, which canonical JSON has no form for. */
const textOf = (text: string): string =>
  (text.length > longest ? `${text.slice(0, longest - 1)}…` : text).toWellFormed();

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** @throws TypeError what is wrong with the options; whoever runs the check makes `unknown` of it */
function entriesOf(options: unknown): readonly AllowEntry[] {
  const allow: unknown = (options as { readonly allow?: unknown } | undefined)?.allow ?? [];
  if (!Array.isArray(allow)) throw new TypeError('`allow` is not a list');
  return allow.map((entry: unknown, index) => entryOf(entry, index));
}

function entryOf(entry: unknown, index: number): AllowEntry {
  const { callable, sha256, reason, ...others } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const names = [callable, sha256].filter((value) => value !== undefined);
  const fits =
    names.length === 1 &&
    names.every(isText) &&
    (sha256 === undefined || /^[0-9a-f]{64}$/.test(sha256 as string)) &&
    (reason === undefined || isText(reason)) &&
    Object.keys(others).length === 0;
  if (!fits) throw new TypeError(`\`allow.${index}\` is neither \`{ callable: NAME }\` nor \`{ sha256: DIGEST }\``);
  return entry as AllowEntry;
}
