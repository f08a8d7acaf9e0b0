import { confidenceOf } from './confidence.ts';
import { ContextWords } from './context-words.ts';
import { EdgeAutomaton } from './edge-automaton.ts';
import type { EntityType } from './entity-type.ts';
import { expressionOf, layoutExpression } from './expression.ts';
import type { EdgeTrigger, Form, LayoutForm, MarkTrigger, PatternForm } from './form.ts';
import { MarkAutomaton } from './mark-automaton.ts';
import { unspaced } from './script.ts';

/** An entity type in one of its forms, and how sure one can be of it without and with a word that goes with it. */
export interface Reading {
  readonly type: EntityType;
  /** The place of the type in the table. */
  readonly rank: number;
  readonly form: Form;
  readonly alone: number;
  readonly named: number;
}

/** What something that is written in one way can be. */
export interface Readings {
  readonly all: readonly Reading[];
  /** Those that need no word. */
  readonly sure: readonly Reading[];
  /** Whether separators have to be dropped and letters to be made upper case before the check. */
  readonly isCompacted: boolean;
}

/** A pattern, compiled, and what is written so. */
export interface CompiledPattern extends Readings {
  readonly form: PatternForm;
  /** Tried at its `lastIndex`. */
  readonly exact: RegExp;
  readonly hasGroup: boolean;
}

/** A pattern that is tried where a mark stands. */
export interface MarkedPattern {
  /** Its place in the list of patterns. */
  readonly pattern: number;
  /** How many units before the mark it can begin. */
  readonly most: number;
  /** The units of ASCII that can stand between. */
  readonly passes: Uint8Array;
}

/** Everything that is compiled once for a choice of entity types. */
export interface Compiled {
  /** Finds layouts first, in the order of `layouts`, and then what patterns begin with, in the order of `edgePatterns`. */
  readonly edges: EdgeAutomaton;
  readonly layouts: readonly Readings[];
  readonly edgePatterns: readonly number[];
  readonly marks: MarkAutomaton;
  /** What each mark of the automaton is a mark of. */
  readonly marked: readonly MarkedPattern[];
  /** How far before a mark anything can begin. */
  readonly back: number;
  readonly patterns: readonly CompiledPattern[];
  readonly words: ContextWords;
  /** The longest that anything can be, in UTF-16 units. */
  readonly longest: number;
}

/** What cannot reach the confidence that is asked for is left out. */
export function compile(types: readonly EntityType[], minConfidence: number): Compiled {
  const readings = types.flatMap((type, rank) =>
    type.forms.map((form) => {
      const alone = type.decoy === true ? 1 : confidenceOf(type, form.telling, false);
      return { type, rank, form, alone, named: Math.max(alone, confidenceOf(type, form.telling, true)) };
    }),
  );
  const possible = readings.filter(({ named }) => named >= minConfidence);
  const layouts = layoutsOf(possible);
  const patterns = patternsOf(possible, minConfidence);
  const edgePatterns = patterns.flatMap(({ form }, index) => (form.trigger.kind === 'edge' ? index : []));
  const marks = patterns.flatMap(({ form }, index) =>
    form.trigger.kind === 'mark' ? marksOf(form.trigger, index) : [],
  );
  return {
    edges: new EdgeAutomaton([
      ...[...layouts.keys()].map((layout) => ({ expression: layoutExpression(layout), standing: 'alone' as const })),
      ...edgePatterns.map((index) => beginningOf(patterns[index]?.form.trigger as EdgeTrigger)),
    ]),
    layouts: [...layouts].map(([layout, those]) => readingsOf(those, minConfidence, /[^#]/.test(layout))),
    edgePatterns,
    marks: new MarkAutomaton(marks.map(({ mark }) => mark)),
    marked: marks.map(({ marked }) => marked),
    back: Math.max(0, ...marks.map(({ marked }) => marked.most)),
    patterns,
    words: new ContextWords(types),
    longest: Math.max(
      0,
      ...[...layouts.keys()].map(({ length }) => length),
      ...patterns.map(({ form }) => form.longest),
    ),
  };
}

function readingsOf(all: readonly Reading[], minConfidence: number, isCompacted: boolean): Readings {
  return { all, sure: all.filter(({ alone }) => alone >= minConfidence), isCompacted };
}

function layoutsOf(readings: readonly Reading[]): Map<string, Reading[]> {
  const isLayout = (reading: Reading): reading is Reading & { form: LayoutForm } => reading.form.kind === 'layout';
  return Map.groupBy(readings.filter(isLayout), ({ form }) => form.name);
}

function beginningOf({ begins }: EdgeTrigger): {
  expression: ReturnType<typeof expressionOf>;
  standing: 'word' | 'anyhow';
} {
  return begins.endsWith('\\b')
    ? { expression: expressionOf(begins.slice(0, -2)), standing: 'word' }
    : { expression: expressionOf(begins), standing: 'anyhow' };
}

function marksOf({ marks, before }: MarkTrigger, pattern: number): { mark: string; marked: MarkedPattern }[] {
  const signs = before === undefined ? undefined : new RegExp(before.signs, 'u');
  const passes = Uint8Array.from({ length: 128 }, (_, code) =>
    signs?.test(String.fromCharCode(code)) === true ? 1 : 0,
  );
  const marked = { pattern, most: before?.most ?? 0, passes };
  return marks.map((mark) => ({ mark, marked }));
}

/** Letters of scripts without spaces are the edge of a word; patterns say `[\\p{L}\\p{N}` at their edges. */
function withEdges(source: string): string {
  return source.replaceAll(/(\(\?<?!)(\[\\p\{L\}\\p\{N\})/g, `$1(?!${unspaced})$2`);
}

/** Patterns that several types share are searched for once. */
function patternsOf(readings: readonly Reading[], minConfidence: number): CompiledPattern[] {
  const shared = new Map<string, { form: PatternForm; readings: Reading[] }>();
  for (const reading of readings) {
    const { form } = reading;
    if (form.kind !== 'pattern') continue;
    const key = `${form.exact} ${form.flags}`;
    const entry = shared.get(key) ?? { form, readings: [] };
    entry.readings.push(reading);
    shared.set(key, entry);
  }
  return [...shared.values()].map(({ form, readings: those }) => ({
    ...readingsOf(those, minConfidence, form.compact),
    form,
    exact: new RegExp(withEdges(form.exact), `y${form.flags}`),
    hasGroup: /\((?!\?)/.test(form.exact.replaceAll(/\\.|\[[^\]]*\]/g, '')),
  }));
}
