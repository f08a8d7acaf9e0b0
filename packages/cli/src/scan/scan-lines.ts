import type { Verdict } from '@holdfast/evidence/check';
import type { FileResult, PathReport, ScanReport } from '@holdfast/scan';
import type { Terminal } from '../terminal.ts';
import { countOf } from '../view-lines.ts';
import { lineWidth } from '../wrap.ts';
import { columnsOf, cut, cutPath, padded } from './columns.ts';
import { marks, plain, shellWord, sizeText, timeText, worstFirst } from './words.ts';

/** Beyond so many files of a folder, those that pass are counted only. */
const mostFiles = 40;
/** What is not clean is shown up to here, the worst first; `--json` has all. */
const mostBad = 200;
/** Names get at least this, and more where what is said about the files is short. */
const nameWidth = 28;
const verdictWidth = 7;

/** What a scan found out, for people: a line for each file, the totals, the next step. */
export function scanLines(report: ScanReport, terminal: Terminal): string[] {
  const blocks = report.paths.map((path) => (path.kind === 'folder' ? folderLines(path, terminal) : []));
  const single = report.paths.filter(({ kind }) => kind === 'file').flatMap(({ files }) => files);
  const alone = single.length === 0 ? [] : fileLines(single, '', terminal);
  return [...alone, ...blocks.flat(), '', totalsLine(report, terminal), ...nextLines(report)];
}

function folderLines({ path, files, ignored }: PathReport, terminal: Terminal): string[] {
  const name = plain(path);
  const head = name.endsWith('/') ? name : `${name}/`;
  const left = ignored.length === 0 ? [] : [terminal.paint('dim', `  left out: ${ignored.map(plain).join(', ')}`)];
  return [
    cutPath(head, lineWidth),
    ...(files.length === 0 ? ['  ? no files'] : fileLines(files, '  ', terminal)),
    ...left,
  ];
}

function fileLines(files: readonly FileResult[], indent: string, terminal: Terminal): string[] {
  const isMany = files.length > mostFiles;
  const bad = files.filter(({ verdict }) => verdict !== 'pass');
  const told = isMany ? worstOf(bad) : files;
  const width = widthOf(told, lineWidth - indent.length - 2 - 2 - 2 - verdictWidth);
  const lines = told.map((file) => fileLine(file, { indent, width, terminal }));
  if (!isMany) return lines;
  const passed = files.length - bad.length;
  return [
    ...lines,
    ...(bad.length > told.length
      ? [`${indent}  and ${bad.length - told.length} more that are not clean: --json lists them`]
      : []),
    ...(passed > 0
      ? [`${indent}${sign('pass', terminal)} ${countOf(passed, told.length > 0 ? 'other file' : 'file')}: pass`]
      : []),
  ];
}

/** Columns of the names, of those that names and words share. */
function widthOf(files: readonly FileResult[], room: number): number {
  const longest = (texts: readonly string[]): number => Math.max(8, ...texts.map(columnsOf));
  const spare = room - longest(files.map(wordsOf));
  return Math.min(longest(files.map(({ path }) => plain(path))), Math.max(nameWidth, spare));
}

function worstOf(files: readonly FileResult[]): readonly FileResult[] {
  if (files.length <= mostBad) return files;
  return files.toSorted((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict)).slice(0, mostBad);
}

function fileLine(
  file: FileResult,
  { indent, width, terminal }: { indent: string; width: number; terminal: Terminal },
): string {
  const room = lineWidth - indent.length - 2 - width - 2 - 2 - verdictWidth;
  const name = padded(cutPath(plain(file.path), width), width);
  const words = padded(cut(wordsOf(file), room), room);
  const verdict = terminal.paint(marks[file.verdict][0], file.verdict);
  return `${indent}${sign(file.verdict, terminal)} ${name}  ${words}  ${verdict}`;
}

function wordsOf({ verdict, summary, size }: FileResult): string {
  const words = plain(summary);
  return verdict === 'fail' || verdict === 'unknown' ? words : [words, sizeText(size)].filter(Boolean).join(', ');
}

function sign(verdict: Verdict, terminal: Terminal): string {
  const [style, mark] = marks[verdict];
  return terminal.paint(style, mark);
}

/** `1 fail · 1 pass          2 files, 195 MB, 0.4 s` */
export function totalsLine({ totals, seconds }: ScanReport, terminal: Terminal): string {
  const counted = worstFirst.filter((verdict) => totals[verdict] > 0);
  const text = counted.map((verdict) => `${totals[verdict]} ${verdict}`).join(' · ');
  const painted = counted
    .map((verdict) => terminal.paint(marks[verdict][0], `${totals[verdict]} ${verdict}`))
    .join(' · ');
  const all = `${countOf(totals.files, 'file')}, ${sizeText(totals.bytes)}, ${timeText(seconds)}`;
  return `${painted}${' '.repeat(Math.max(text === '' ? 0 : 3, lineWidth - columnsOf(text) - columnsOf(all)))}${all}`;
}

/** One command that says more about the worst file; for one file that passed, what it can be pinned by. */
function nextLines({ paths, totals }: ScanReport): string[] {
  const [only] = paths;
  const verdict = worstFirst.find((each) => totals[each] > 0) ?? 'pass';
  if (verdict === 'pass') {
    const digest = totals.files === 1 && paths.length === 1 ? only?.files[0]?.sha256 : undefined;
    return digest === undefined ? [] : [`sha256:${digest}`];
  }
  for (const { path, kind, files } of paths) {
    const file = files.find((each) => each.verdict === verdict);
    if (file === undefined) continue;
    const whole = kind === 'file' ? path : `${path.replace(/\/+$/, '')}/${file.path}`;
    return plain(whole) === whole ? [`Why: holdfast scan --explain ${shellWord(whole)}`] : ['Why: --json tells'];
  }
  return [];
}
