import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TrialsError } from '../errors.ts';
import type { Journal } from './journal.ts';
import type { TrialIdentity } from './run-robustness.ts';

/** What an unfinished trial has come to, in a file. */
export interface KeptJournal extends Journal {
  readonly path: string;
  /** Units of work that were there when it was opened. */
  readonly found: number;
  /** The trial is done, and its result is safe: the file goes. */
  discard(): void;
}

/**
 * Opens the journal of a trial in a folder, or begins one. It is a line for each unit of work with a checksum of its own, and
 * lines are only ever appended: who is killed loses the unit that was under way, and two that run at the same time write the
 * same. Whoever may write to the file may say what the trial found: it is a convenience, and nothing that evidence rests on.
 * @param options.isFresh forgets what was kept
 * @throws TrialsError HF_TRIALS_OUTPUT if it cannot be written
 */
export function openJournal(
  folder: string,
  identity: TrialIdentity,
  { isFresh = false }: { readonly isFresh?: boolean } = {},
): KeptJournal {
  const key = JSON.stringify(identity);
  const path = join(folder, `unfinished-${digestOf(key).slice(0, 16)}.jsonl`);
  if (isFresh) rmSync(path, { force: true });
  const { units, isTorn } = read(path, key);
  const write = (line: string): void => {
    append(path, line, units.size);
  };
  if (isTorn) write('');
  if (units.size === 0) write(JSON.stringify({ what: 'an unfinished trial', ...identity }));
  return {
    path,
    found: units.size,
    async once<Value>(unit: string, work: () => Promise<Value>): Promise<Value> {
      const known = units.get(unit);
      if (known !== undefined) return known as Value;
      const value = await work();
      const content = JSON.stringify([unit, value]);
      write(`${sumOf(key, content)} ${content}`);
      return value;
    },
    discard: () => {
      rmSync(path, { force: true });
    },
  };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Of this trial, and of no other. */
const sumOf = (key: string, content: string): string => digestOf(`${key}\n${content}`).slice(0, 32);

/** The whole lines of this trial; what is torn, damaged or of another trial is as if it were not there. */
function read(path: string, key: string): { units: Map<string, unknown>; isTorn: boolean } {
  const units = new Map<string, unknown>();
  const text = textOf(path);
  for (const line of text.split('\n')) {
    const [sum, content] = [line.slice(0, 32), line.slice(33)];
    if (content === '' || sum !== sumOf(key, content)) continue;
    const [unit, value] = JSON.parse(content) as [string, unknown];
    units.set(unit, value);
  }
  return { units, isTorn: text !== '' && !text.endsWith('\n') };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** One write for a line, so that it is there or torn, and never mixed with another. */
function append(path: string, line: string, kept: number): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TrialsError('HF_TRIALS_OUTPUT', `what the trial has found cannot be kept in \`${path}\`: ${reason}`, {
      fix: `${kept > 0 ? `what was kept before is there still; ` : ''}free some space, or name another folder: \`--output\``,
      cause,
    });
  }
}
