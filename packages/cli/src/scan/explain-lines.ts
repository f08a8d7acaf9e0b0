import type { FileResult, Left, PathReport, ScanFinding, ScanReport } from '@holdfast/scan';
import { type ScanRule } from '@holdfast/scan';
import { allRules } from '@holdfast/scan/all-rules';
import { spelledOut } from '@holdfast/scan/references';
import type { Terminal } from '../terminal.ts';
import { countOf } from '../view-lines.ts';
import { labelled, lineWidth, wrap } from '../wrap.ts';
import { columnsOf, cut } from './columns.ts';
import { totalsLine } from './scan-lines.ts';
import { marks, offsetText, plain, sizeText } from './words.ts';

/** Told of one file; `--json` has all. */
const mostFindings = 20;
const mostLeft = 20;
/** Told of one finding: the first steps and the last ones, where it happens. */
const mostSteps = 12;
const indent = '  ';

/** For each file that is not clean: what was found, how it is reached, what it would do, what to do. */
export function explainLines(report: ScanReport, terminal: Terminal): string[] {
  const told = report.paths.flatMap((path) => path.files.filter(isTold).map((file) => ({ path, file })));
  const blocks = told.flatMap(({ path, file }) => [...fileHead(path, file, terminal), ...bodyOf(file, terminal), '']);
  return [...blocks, totalsLine(report, terminal)];
}

const isTold = ({ verdict, findings, left }: FileResult): boolean =>
  verdict !== 'pass' || findings.length > 0 || left.length > 0;

function fileHead({ kind, path }: PathReport, file: FileResult, terminal: Terminal): string[] {
  const [style, sign] = marks[file.verdict];
  const name = kind === 'file' ? file.path : `${path.replace(/\/+$/, '')}/${file.path}`;
  const facts = [
    file.format,
    sizeText(file.size),
    ...(file.parts > 0 ? [countOf(file.parts, 'part inside', 'parts inside')] : []),
  ];
  return [
    `${terminal.paint(style, sign)} ${terminal.paint('bold', plain(name))}  ${terminal.paint(style, file.verdict)}`,
    `${indent}${facts.filter((fact) => fact !== undefined).join(', ')}`,
    ...(file.sha256 === undefined ? [] : [`${indent}sha256:${file.sha256}`]),
  ];
}

function bodyOf({ findings, left }: FileResult, terminal: Terminal): string[] {
  const more = (all: readonly unknown[], most: number): string[] =>
    all.length > most ? ['', `${indent}and ${all.length - most} more: --json lists them`] : [];
  return [
    ...findings.slice(0, mostFindings).flatMap((finding) => ['', ...findingLines(finding, terminal)]),
    ...more(findings, mostFindings),
    ...left.slice(0, mostLeft).flatMap((each) => ['', ...leftLines(each, terminal)]),
    ...more(left, mostLeft),
  ];
}

function findingLines(finding: ScanFinding, terminal: Terminal): string[] {
  const rule: ScanRule | undefined = allRules.find(({ id }) => id === finding.rule);
  const { trail = [], when, fix = rule?.fix, where, message } = finding;
  const head = `${plain(where ?? '')}: ${rule?.title ?? finding.rule}`.replace(/^: /, '');
  const [style] = marks[finding.verdict];
  return [
    ...labelled(indent, 2, readable(head)).map((line) => terminal.paint(style, line)),
    ...paragraph(plain(message)),
    ...(trail.length === 0 ? [] : [`${indent}${indent}reached through`, ...trailLines(trail)]),
    ...entry('When:', when),
    ...entry('Do:', fix),
    ...referenceLines(rule?.references ?? []),
    `${indent}${indent}${'Rule:'.padEnd(6)}${finding.rule}, ${finding.severity}`,
  ];
}

const paragraph = (text: string): string[] => wrap(text, lineWidth - 4).map((line) => `${indent}${indent}${line}`);

const entry = (label: string, text: string | undefined): string[] =>
  text === undefined ? [] : labelled(`${indent}${indent}${label.padEnd(6)}`, 10, plain(text));

/** Offsets of a place stand as numbers in messages; people read them in groups. */
const readable = (text: string): string =>
  text.replace(/\boffset (\d+)/g, (_, digits: string) => `offset ${offsetText(Number(digits))}`);

function trailLines(trail: NonNullable<ScanFinding['trail']>): string[] {
  const gap = trail.length - mostSteps;
  const steps = gap > 0 ? [...trail.slice(0, mostSteps / 2), undefined, ...trail.slice(-mostSteps / 2)] : trail;
  const offsets = trail.map(({ at }) => offsetText(at).length);
  const [width, operations] = [
    Math.max(...offsets),
    Math.max(...trail.map(({ operation }) => columnsOf(plain(operation)))),
  ];
  return steps.map((step) => {
    const start = indent.repeat(3);
    if (step === undefined) return `${start}… ${countOf(gap, 'step')} between`;
    const place = `${start}${offsetText(step.at).padStart(width)}  ${plain(step.operation).padEnd(Math.min(operations, 20))}  `;
    return `${place}${cut(plain(step.text), lineWidth - columnsOf(place))}`.trimEnd();
  });
}

function leftLines({ part, at, reason, fix }: Left, terminal: Terminal): string[] {
  const places = [
    ...(part.length === 0 ? [] : [plain(part.join(' › '))]),
    ...(at === undefined ? [] : [`offset ${offsetText(at)}`]),
  ];
  const head = `${places.length === 0 ? '' : `${places.join(', ')}: `}not known to be clean`;
  return [
    ...labelled(indent, 2, head).map((line) => terminal.paint('yellow', line)),
    ...paragraph(plain(reason)),
    ...entry(
      'Do:',
      fix ?? 'look at it; what you know to be harmless can be allowed by its digest: scan.allow, --allow',
    ),
  ];
}

function referenceLines(references: readonly string[]): string[] {
  return references.flatMap((id, at) => {
    const { id: name, title } = spelledOut(id);
    return labelled(
      `${indent}${indent}${(at === 0 ? 'Refs:' : '').padEnd(6)}`,
      10,
      [name, title].filter(Boolean).join(' '),
    );
  });
}
