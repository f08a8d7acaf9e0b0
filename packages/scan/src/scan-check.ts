import { join } from 'node:path';
import type { ArtifactReader, Check, CheckContext, Finding, Report } from '@holdfast/evidence/check';
import { type AllowEntry, type AllowList, allowListOf } from './allow-list.ts';
import type { Left } from './finding.ts';
import { judgeFolder } from './folder/judge-folder.ts';
import { withFolderFindings } from './folder/with-folder-findings.ts';
import { type Job, type JobOptions, notScanned } from './paths/job.ts';
import { ScanProgress } from './paths/scan-progress.ts';
import type { InProcesses } from './processes/scan-in-processes.ts';
import type { FileResult } from './result.ts';
import { processesFor, processLimits } from './scan-paths.ts';
import { worst } from './verdict.ts';

/** The check behind {@link scanCheck}: scans every file of the artifact, in other processes where it is large. */
export const scanCheckRun: Check = {
  async run(artifact, options, context) {
    const entries = entriesOf(options);
    context.signal.throwIfAborted();
    const results = await scanAll(artifact, allowListOf(entries), context);
    const own = results.map((result, at) => ofDigest(result, artifact.files[at]?.sha256));
    const isFolder = artifact.digest['dirHash'] !== undefined;
    return reportOf(isFolder ? withFolderFindings(own, judgeFolder(own)) : own, entries.length);
  },
};

async function scanAll(
  { path, digest, files }: ArtifactReader,
  allow: AllowList,
  context: CheckContext,
): Promise<FileResult[]> {
  // a single file is its own base name; in a folder names are relative to it
  const isFolder = digest['dirHash'] !== undefined;
  const jobs = files.map(({ name, size }): Job => {
    return isFolder ? { path: join(path, name), name, size, folder: 0 } : { path, name, size };
  });
  const shared: JobOptions = { allow, folders: isFolder ? [new Set(files.map(({ name }) => name))] : [] };
  const told = new ScanProgress(jobs, ({ bytes, bytesDone }) => {
    context.progress(bytes === 0 ? 0 : bytesDone / bytes);
  });
  const results: FileResult[] = [];
  const done = (at: number, result: FileResult): void => {
    results[at] = result;
    told.done(at);
  };
  await carryOut(jobs, shared, { done, progress: told.at.bind(told), signal: context.signal });
  context.progress(1);
  return jobs.map((job, at) => results[at] ?? notScanned(job, { reason: 'not scanned' }));
}

async function carryOut(
  jobs: readonly Job[],
  shared: JobOptions,
  how: Pick<InProcesses, 'done' | 'progress'> & { readonly signal: AbortSignal },
): Promise<void> {
  const processes = processesFor(jobs);
  if (processes > 0) {
    const { scanInProcesses } = await import('./processes/scan-in-processes.ts');
    return scanInProcesses(jobs, shared, { processes, limits: processLimits, ...how });
  }
  const { jobsWith } = await import('./paths/carry-out.ts');
  const scan = jobsWith(shared);
  for (const [at, job] of jobs.entries()) {
    how.signal.throwIfAborted();
    how.done(at, await scan(job, how.progress.bind(undefined, at)));
  }
}

/** Every byte that was scanned must be a byte that was digested; else nothing that was found is about this artifact. */
function ofDigest(result: FileResult, sha256: string | undefined): FileResult {
  if (result.sha256 === sha256 && sha256 !== undefined) return result;
  // what could not even be read has its own reason
  const unread = result.sha256 === undefined && result.left.length > 0 && result.findings.length === 0;
  const reason = 'it is not the file that was digested: something wrote to it meanwhile';
  return unread ? { ...result, verdict: 'unknown' } : notScanned({ name: result.path, size: result.size }, { reason });
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
