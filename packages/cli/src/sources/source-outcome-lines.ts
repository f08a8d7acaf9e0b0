import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { FetchOutcome } from '@holdfast/pipeline/sources/fetch-sources';
import type { WatchOutcome } from '@holdfast/pipeline/sources/watch-sources';
import type { Exit } from '../command.ts';
import { failureOf } from '../failure.ts';
import { shortHex } from '../short-hex.ts';
import type { Terminal } from '../terminal.ts';
import { labelled } from '../wrap.ts';

/** Of several results the worst: 2, then 1, 3, 0. */
export function worstExit(exits: readonly Exit[]): Exit {
  return ([2, 1, 3] as const).find((exit) => exits.includes(exit)) ?? 0;
}

export function exitOfFetch({ error, report }: FetchOutcome): Exit {
  if (error !== undefined) return failureOf(error).exit;
  return report?.verdict === 'fail' ? 1 : 0;
}

/** A change is a finding, also one that is known already. */
export function exitOfWatch({ error, status }: WatchOutcome): Exit {
  if (error !== undefined) return failureOf(error).exit;
  return status === 'changed' || status === 'different' ? 1 : 0;
}

interface Told {
  readonly source: string;
  readonly sign: string;
  readonly text: string;
  readonly more: readonly string[];
}

/** One line for each source, and below it what somebody has to know. */
function linesOf({ source, sign, text, more }: Told): string[] {
  return [
    ...labelled(`${sign} ${source}   `, source.length + 5, text),
    ...more.flatMap((line) => labelled('    ', 4, line)),
  ];
}

export function fetchLines(outcome: FetchOutcome, terminal: Terminal): string[] {
  const { source, path = '', status, sha256 = '', bytes = 0, isPinned, report, error } = outcome;
  const told = (sign: string, text: string, more: readonly string[] = []): string[] =>
    linesOf({ source, sign, text, more });
  if (error !== undefined) return told(terminal.paint('red', '✗'), ...failed(error));
  if (status === 'left') return told('·', 'left: no artifact names it, or it is not for Holdfast to fetch');
  if (status === 'here') return told(terminal.paint('green', '✓'), `${path} is here already`);
  const pin = isPinned
    ? []
    : [`nothing pins it yet: in holdfast.yaml, under \`${source}\`, write`, `sha256: ${sha256}`];
  const isGood = report?.verdict === 'pass';
  const sign = terminal.paint(isGood ? 'green' : 'yellow', isGood ? '✓' : report?.verdict === 'fail' ? '✗' : '?');
  const evidence = outcome.evidence === undefined ? '' : `, evidence ${shortHex(outcome.evidence.id)}`;
  return told(sign, `${path}: ${bytes} bytes${evidence}`, [...findings(report), ...pin]);
}

const words: Readonly<Record<WatchOutcome['status'], string>> = {
  same: 'the same bytes',
  unmodified: 'not modified, says the server; --full reads it',
  back: 'again the bytes that may be used',
  changed: 'CHANGED',
  different: 'other bytes than may be used, as evidence says already',
  left: 'left: no artifact names it, or it is not for Holdfast to ask',
  failed: 'could not be asked',
};

export function watchLines(outcome: WatchOutcome, terminal: Terminal): string[] {
  const { source, status, quarantine, report, error, evidence } = outcome;
  if (error !== undefined) {
    const [text, more] = failed(error);
    return linesOf({ source, sign: terminal.paint('yellow', '?'), text, more });
  }
  const isBad = status === 'changed' || status === 'different';
  const sign = isBad ? terminal.paint('red', '✗') : status === 'left' ? '·' : terminal.paint('green', '✓');
  const signed = evidence === undefined ? '' : `, evidence ${shortHex(evidence.id)}`;
  const more = [...findings(report), ...(quarantine === undefined ? [] : [`they lie in ${quarantine}`])];
  return linesOf({ source, sign, text: `${words[status]}${signed}`, more });
}

/** What only says how it was is in the evidence. */
function findings(report: CheckPredicate | undefined): string[] {
  return (report?.findings ?? [])
    .filter(({ severity }) => severity !== 'info')
    .slice(0, 5)
    .map(({ message }) => message);
}

function failed(error: Error): [text: string, more: readonly string[]] {
  const { message, code, where, fix } = failureOf(error);
  return [
    `${message} (${code})`,
    [...(where === undefined ? [] : [`at ${where}`]), ...(fix === undefined ? [] : [`→ ${fix}`])],
  ];
}

/** An outcome as a program is told of it. */
export function plainOutcome({ error, ...outcome }: FetchOutcome | WatchOutcome): unknown {
  if (error === undefined) return outcome;
  const { code, message, where, fix } = failureOf(error);
  return { ...outcome, error: { code, message, where, fix } };
}
