import type { EvidenceProblem, EvidenceView } from '@holdfast/evidence';
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

/** An entry of the ledger that does not verify. */
export const brokenLines = (broken: readonly EvidenceProblem[], terminal: Terminal): string[] =>
  broken.flatMap(({ index, code, message }) => bad(terminal, `entry ${index}: ${message} (${code})`));

/** `3 files`, `1 file`. */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** What a verified ledger shows, for people. */
export function viewLines(view: EvidenceView, decisions: readonly ReplayedDecision[], terminal: Terminal): string[] {
  const { evidence, ignored, broken, size, origin } = view;
  const pieces = countOf(evidence.length, 'piece', 'pieces');
  const sound = [
    ...good(terminal, `${pieces} of evidence, every signature by a key that had the role then`),
    ...good(terminal, `all in one ledger: ${origin}, ${countOf(size, 'entry', 'entries')}, no fork, no gap`),
  ];
  return [
    ...(broken.length > 0 ? brokenLines(broken, terminal) : sound),
    ...ignored.flatMap(({ index, code, message }) =>
      bullet(terminal, 'yellow', '!', `entry ${index} counts for nothing: ${message} (${code})`),
    ),
    ...decisions.flatMap((decision) => decisionLine(decision, terminal)),
  ];
}

function decisionLine({ id, artifact, environment, result, problem }: ReplayedDecision, terminal: Terminal): string[] {
  const name = `decision ${shortHex(id)} (${artifact} → ${environment}: ${result})`;
  return problem === undefined
    ? good(terminal, `${name} replays to the same answer`)
    : bad(terminal, `${name} does not replay: ${problem}`);
}
