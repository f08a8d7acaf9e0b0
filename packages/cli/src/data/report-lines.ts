import type { CheckDescription, Finding, Report } from '@holdfast/evidence/check';
import type { CheckedPath } from '@holdfast/pipeline/check-path';
import { marks } from '../scan/words.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

/** Findings of one rule and, further down, lines of what was left that are shown; `--json` has all. */
const mostShown = 20;

/** What was found out, without what is declared. */
type Checked = Omit<CheckedPath, 'about'>;

/** What a check came to, for people, and who signed it. */
export function reportLines(name: string, check: CheckDescription, checked: Checked, terminal: Terminal): string[] {
  return [
    ...resultLines(name, check, checked.report, terminal),
    ...(checked.checker === undefined ? [] : ['', ...labelled('  ', 2, signedBy(checked, checked.checker))]),
  ];
}

interface Result extends Pick<Report, 'verdict' | 'metrics' | 'coverage'> {
  readonly findings: readonly (Pick<Finding, 'severity' | 'message'> & { readonly where?: string | undefined })[];
}

/** A result for people: the verdict, the numbers that matter, what was found and what was left out. */
export function resultLines(
  name: string,
  { name: of, headline: shown = [] }: Pick<CheckDescription, 'name' | 'headline'>,
  { verdict, metrics, findings, coverage }: Result,
  terminal: Terminal,
): string[] {
  const [style, sign] = marks[verdict];
  const headline = shown.flatMap((metric) => {
    const value = metrics[metric];
    return value === undefined ? [] : [`${metric.replaceAll('_', ' ')} ${numberText(value)}`];
  });
  const rows =
    coverage.examined < coverage.total ? `${coverage.examined} of ${coverage.total} rows` : `${coverage.total} rows`;
  return [
    `${terminal.paint(style, sign)} ${name}   ${of}: ${terminal.paint('bold', verdict)}`,
    ...labelled('  ', 2, [...headline, rows].join(' · ')),
    ...(findings.length === 0 ? [] : ['']),
    ...findings.slice(0, mostShown).flatMap((finding) => labelled(bullets[finding.severity], 4, located(finding))),
    ...more(findings.length),
    ...(coverage.left.length === 0 ? [] : ['', '  not looked at:']),
    ...coverage.left.slice(0, mostShown).flatMap((line) => labelled('  ? ', 4, line)),
    ...more(coverage.left.length),
  ];
}

/** What it is about before what it is, unless the sentence says so itself; where rows are stands in `--json`. */
function located({ message, where }: { readonly message: string; readonly where?: string | undefined }): string {
  if (where === undefined || message.includes(where) || /\brow \d|^expectation \d/.test(where)) return message;
  return `${where}: ${message}`;
}

const bullets = { info: '    ', low: '  ! ', medium: '  ! ', high: '  ✗ ', critical: '  ✗ ' } as const;

const more = (count: number): string[] => (count > mostShown ? [`    and ${count - mostShown} more (--json)`] : []);

function signedBy({ evidence }: Checked, checker: string): string {
  const [piece] = evidence;
  return `signed by ${checker}${piece === undefined ? '' : `, in the ledger at ${piece.index}`}`;
}

/** Four figures are enough to read; `--json` has them all. */
const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));
