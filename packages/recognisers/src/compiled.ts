import { confidenceOf } from './confidence.ts';
import { ContextWords } from './context-words.ts';
import type { EntityType } from './entity-type.ts';
import type { Form, PatternForm } from './form.ts';
import { LayoutAutomaton } from './layout-automaton.ts';
import { Prefilter } from './prefilter.ts';
import { unspaced } from './script.ts';

/** An entity type in one of its forms, and how sure one can be of it without and with a word that goes with it. */
export interface Reading {
  readonly type: EntityType;
  readonly form: Form;
  readonly alone: number;
  readonly named: number;
}

/** A pattern, compiled, and what is written so. */
export interface CompiledPattern {
  readonly form: PatternForm;
  readonly exact: RegExp;
  readonly readings: readonly Reading[];
}

/** Everything that is compiled once for a choice of entity types. */
export interface Compiled {
  readonly layouts: LayoutAutomaton;
  /** What each layout of the automaton can be. */
  readonly readings: readonly (readonly Reading[])[];
  readonly patterns: Prefilter;
  readonly words: ContextWords;
  /** The longest that anything can be, in UTF-16 units. */
  readonly longest: number;
}

/** What cannot reach the confidence that is asked for is left out. */
export function compile(types: readonly EntityType[], minConfidence: number): Compiled {
  const readings = types.flatMap((type) =>
    type.forms.map((form) => {
      const alone = type.decoy === true ? 1 : confidenceOf(type, form.telling, false);
      return { type, form, alone, named: Math.max(alone, confidenceOf(type, form.telling, true)) };
    }),
  );
  const possible = readings.filter(({ named }) => named >= minConfidence);
  const byLayout = Map.groupBy(
    possible.filter(({ form }) => form.kind === 'layout'),
    ({ form }) => form.name,
  );
  const layouts = new LayoutAutomaton([...byLayout.keys()]);
  const patterns = patternsOf(possible);
  return {
    layouts,
    readings: [...byLayout.values()],
    patterns: new Prefilter(patterns),
    words: new ContextWords(types),
    longest: Math.max(layouts.longest, ...patterns.map(({ form }) => form.longest)),
  };
}

/** Letters of scripts without spaces are the edge of a word; patterns say `[\\p{L}\\p{N}` at their edges. */
function withEdges(source: string): string {
  return source.replaceAll(/(\(\?<?!)(\[\\p\{L\}\\p\{N\})/g, `$1(?!${unspaced})$2`);
}

/** Patterns that several types share are searched for once. */
function patternsOf(readings: readonly Reading[]): CompiledPattern[] {
  const shared = new Map<string, { form: PatternForm; readings: Reading[] }>();
  for (const reading of readings) {
    const { form } = reading;
    if (form.kind !== 'pattern') continue;
    const key = `${form.exact} ${form.flags}`;
    const entry = shared.get(key) ?? { form, readings: [] };
    entry.readings.push(reading);
    shared.set(key, entry);
  }
  return [...shared.values()].map((entry) => ({
    ...entry,
    exact: new RegExp(withEdges(entry.form.exact), `g${entry.form.flags}`),
  }));
}
