import type { EvidenceProblem, EvidenceView } from '@holdfast/evidence/view';
import type { ReplayedDecision } from '@holdfast/pipeline';
import { shortHex } from './short-hex.ts';
import type { Style, Terminal } from './terminal.ts';
import { labelled } from './wrap.ts';

const bullet = (terminal: Terminal, style: Style, sign: string, text: string): string[] =>
  labelled(`${terminal.paint(style, sign)} `, 2, text);

/** A line of good news. */
export const good = (terminal: Terminal, text: string): string[] => bullet(terminal, 'green', '✓', text);
/** A line of bad news. */
export const bad = (terminal: Terminal, text: string): string[] => bullet(terminal, 'red', '✗', text);

/** `3 files`, `1 file`. */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Problems are told up to this many; `--json` has them all. */
const mostShown = 10;

/** Entries of the ledger that do not verify. */
export const brokenLines = (broken: readonly EvidenceProblem[], terminal: Terminal): string[] => [
  ...broken.slice(0, mostShown).flatMap((problem) => bad(terminal, `entry ${wordsOf(problem)}`)),
  ...moreLine(broken),
];

/** Entries that are authentic but count for nothing here; one reason is told once. */
function ignoredLines(ignored: readonly EvidenceProblem[], terminal: Terminal): string[] {
  const reasons = [...Map.groupBy(ignored, ({ code, message }) => `${message} (${code})`)];
  const lines = reasons.slice(0, mostShown).flatMap(([reason, entries]) => {
    const which = entries.slice(0, mostShown).map(({ index }) => index);
    const more = entries.length > which.length ? ', …' : '';
    const count = countOf(entries.length, 'entry counts', 'entries count');
    return bullet(terminal, 'yellow', '!', `${count} for nothing: ${reason}: ${which.join(', ')}${more}`);
  });
  return [...lines, ...moreLine(reasons)];
}

const wordsOf = ({ index, code, message }: EvidenceProblem): string => `${index}: ${message} (${code})`;

const moreLine = ({ length }: readonly unknown[]): string[] =>
  length > mostShown ? [`  and ${length - mostShown} more: --json lists them`] : [];

/** What a verified ledger shows, for people. */
export function viewLines(view: EvidenceView, decisions: readonly ReplayedDecision[], terminal: Terminal): string[] {
  const { evidence, ignored, broken, size, origin } = view;
  const pieces = countOf(evidence.length, 'piece', 'pieces');
  const signed = good(terminal, `${pieces} of evidence, every signature by a key that had the role then`);
  const whole = good(terminal, `all in one ledger: ${origin}, ${countOf(size, 'entry', 'entries')}, no fork, no gap`);
  const sound = [...(evidence.length === 0 ? [] : signed), ...whole];
  return [
    ...(broken.length > 0 ? brokenLines(broken, terminal) : sound),
    ...ignoredLines(ignored, terminal),
    ...decisions.flatMap((decision) => decisionLine(decision, terminal)),
  ];
}

function decisionLine({ id, artifact, environment, result, problem }: ReplayedDecision, terminal: Terminal): string[] {
  const name = `decision ${shortHex(id)} (${artifact} → ${environment}: ${result})`;
  return problem === undefined
    ? good(terminal, `${name} replays to the same answer`)
    : bad(terminal, `${name} does not replay: ${problem}`);
}
