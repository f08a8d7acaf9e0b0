import { shown } from '../../finding.ts';
import type { ScanRule } from '../../verdict.ts';
import { builtNames, mayBeBuilt } from './built-names.ts';
import { folded } from './fold.ts';
import { attributeFilters, filters, functions, insides, methods, sized, tests } from './listed.ts';
import { templateRules } from './rules.ts';
import { type Expression, everyExpression, everyStatement, type Given, type Statement } from './syntax.ts';

export interface TemplateFinding {
  readonly rule: ScanRule;
  readonly message: string;
  /** Characters from the start. */
  readonly at: number;
}

/** Beyond it a number of repetitions, or a width, makes more than a prompt holds. */
const most = 100_000;

/** Judges what a template would do, from its syntax alone. */
export function judgeTemplate(template: readonly Statement[]): readonly TemplateFinding[] {
  const judge = new TemplateJudge(template);
  judge.statements(template, 1);
  return judge.findings;
}

class TemplateJudge {
  readonly findings: TemplateFinding[] = [];
  readonly #built: ReadonlySet<string>;
  readonly #callable: ReadonlySet<string>;

  constructor(template: readonly Statement[]) {
    this.#built = builtNames(template);
    this.#callable = new Set([...callableNames(template), 'caller', 'loop']);
  }

  /** @param times how often the loops around it repeat it, as far as they say it themselves */
  statements(statements: readonly Statement[], times: number): void {
    for (const statement of statements) {
      if (statement.kind === 'load') {
        this.#find('escape', `\`{% ${statement.name} %}\` loads another file`, statement.at);
      }
      if (statement.name.startsWith('_')) this.#insides(statement.name, statement.at);
      for (const target of statement.targets) this.#expression(target);
      for (const expression of statement.expressions) this.#expression(expression);
      const inside = statement.kind === 'for' ? times * this.#rounds(statement) : times;
      if (inside > most && times <= most) {
        this.#find('bomb', `loops that run ${inside} times, whatever they are given`, statement.at);
      }
      if (statement.kind === 'set' && times > 1) this.#doubling(statement);
      this.statements(statement.body, inside);
    }
  }

  #find(rule: keyof typeof templateRules, message: string, at: number): void {
    this.findings.push({ rule: templateRules[rule], message, at });
  }

  #insides(name: string, at: number): void {
    this.#find('escape', `reaches for ${shown(name)}, which is none of a message's business`, at);
  }

  /** How often a loop over `range(…)` of constants runs; one that is over data counts as two. */
  #rounds({ expressions: [over] }: Statement): number {
    if (over?.kind !== 'call' || over.of.kind !== 'name' || over.of.name !== 'range') return 2;
    const [start, stop, step] = over.given.positional.map(folded);
    if (typeof start !== 'number') return 2;
    if (typeof stop !== 'number') return start;
    return Math.max(1, Math.abs((stop - start) / (typeof step === 'number' && step !== 0 ? step : 1)));
  }

  /** `{% set x = x ~ x %}` in a loop: twice as long each time. */
  #doubling({ targets: [target], expressions: [value], at }: Statement): void {
    if (target === undefined || value?.kind !== 'operation' || !['~', '+', '*'].includes(value.operator)) return;
    const name = target.kind === 'attribute' ? target.name : target.kind === 'name' ? target.name : undefined;
    const same = [...everyExpression(value)].filter(
      (part) => (part.kind === 'name' || part.kind === 'attribute') && part.kind === target.kind && part.name === name,
    );
    if (same.length > 1) this.#find('bomb', `${shown(name ?? '')} doubles with each round of a loop`, at);
  }

  #expression(expression: Expression): void {
    for (const part of everyExpression(expression)) this.#part(part);
    for (const callee of valuesOf(expression)) {
      if (callee.kind !== 'name' || !functions.has(callee.name) || this.#callable.has(callee.name)) continue;
      this.#find('unlisted', `uses the function ${shown(callee.name)} without calling it`, callee.at);
    }
  }

  #part(part: Expression): void {
    if (part.kind === 'attribute') this.#attribute(part.name, part.at);
    else if (part.kind === 'item') this.#key(part.key);
    else if (part.kind === 'name') this.#name(part.name, part.at);
    else if (part.kind === 'call') this.#call(part.of, part.given, part.at);
    else if (part.kind === 'filter') this.#filter(part.name, part.given, part.at);
    else if (part.kind === 'test' && !tests.has(part.name)) {
      this.#find('unlisted', `the test ${shown(part.name)} is not listed`, part.at);
    }
    if (part.kind === 'call' || part.kind === 'filter' || part.kind === 'test') this.#names(part.given, part.at);
    this.#value(part);
  }

  /** `dict(__x__=1)|first` is a text. */
  #names({ named }: Given, at: number): void {
    for (const [name] of named) if (name.startsWith('__')) this.#insides(name, at);
  }

  #attribute(name: string, at: number): void {
    if (name.startsWith('_') || insides.has(name)) this.#insides(name, at);
  }

  #name(name: string, at: number): void {
    if (name.startsWith('__')) this.#insides(name, at);
    else if (!/^\w+$/.test(name)) this.#find('unlisted', `the name ${shown(name)} is not plain ASCII`, at);
  }

  /** `x['name']` falls back to the attribute in Jinja. */
  #key(key: Expression): void {
    const value = folded(key);
    if (typeof value === 'string') {
      if (value.startsWith('__') || insides.has(value)) this.#insides(value, key.at);
      else if (value.startsWith('_')) this.#find('unlisted', `takes ${shown(value)} of a value`, key.at);
    } else if (value === undefined && key.kind !== 'slice' && mayBeBuilt(key, this.#built)) {
      this.#find('unlisted', 'takes a key that the template puts together itself', key.at);
    }
  }

  #call(callee: Expression, given: Given, at: number): void {
    if (callee.kind === 'attribute') {
      this.#sizes(callee.name, given, at);
      if (callee.name === 'format') this.#format(callee.of, at);
      else if (!methods.has(callee.name) && !callee.name.startsWith('_')) {
        this.#find('unlisted', `the method ${shown(callee.name)} is not listed`, at);
      }
    } else if (callee.kind === 'name') {
      this.#sizes(callee.name, given, at);
      if (functions.has(callee.name) || this.#callable.has(callee.name)) return;
      this.#find('unlisted', `the function ${shown(callee.name)} is not listed`, at);
    } else this.#find('unlisted', 'calls what is no function by name', at);
  }

  /** A format may look attributes up: `'{0.x}'`. One that is written out and does not is harmless. */
  #format(of: Expression, at: number): void {
    const format = folded(of);
    if (typeof format === 'string' && !/\{[^}]*[.[!:]/.test(format)) return;
    this.#find('unlisted', 'a format that may look up attributes', at);
  }

  #filter(name: string, given: Given, at: number): void {
    this.#sizes(name, given, at);
    if (name === 'attr') {
      const [wanted] = given.positional;
      const value = wanted === undefined ? undefined : folded(wanted);
      if (typeof value === 'string') this.#attribute(value, at);
      else this.#find('escape', '`|attr` looks up an attribute of a computed name', at);
    } else if (name !== 'format' && !filters.has(name)) {
      this.#find('unlisted', `the filter ${shown(name)} is not listed`, at);
    }
    if (attributeFilters.has(name)) this.#path(name, given, at);
  }

  /** `map('filter')`, `map(attribute='a.b')`, `selectattr('a.b', 'test')`: names in texts. */
  #path(name: string, { positional, named, spread }: Given, at: number): void {
    const [first, second] = positional;
    const attribute = named.find(([key]) => key === 'attribute')?.[1];
    const path = attribute ?? (/attr$|^groupby$/.test(name) || (name === 'sum' && first) ? first : undefined);
    const value = path === undefined ? '' : folded(path);
    if (spread.length > 0 || (typeof value !== 'string' && typeof value !== 'number')) {
      this.#find('unlisted', `\`|${name}\` of an attribute whose name is computed`, at);
    } else for (const step of String(value).split(/[.,]/)) this.#attribute(step, at);
    // `join(d, attribute)`, `sort(reverse, case_sensitive, attribute)`: flags and names by their places.
    for (const later of /^(?:join|sort|unique|max|min)$/.test(name) ? positional.slice(1) : []) {
      const step = folded(later);
      if (step === undefined) this.#find('unlisted', `\`|${name}\` of an attribute whose name is computed`, at);
      else if (typeof step === 'string') for (const each of step.split('.')) this.#attribute(each, at);
    }
    if (name === 'map' && first !== undefined) this.#mapped(first, positional.slice(1), at);
    const test = name.endsWith('attr') && second !== undefined ? folded(second) : 'defined';
    if (typeof test !== 'string' || !tests.has(test)) this.#find('unlisted', `\`|${name}\` by an unlisted test`, at);
  }

  #mapped(filter: Expression, positional: readonly Expression[], at: number): void {
    const name = folded(filter);
    if (typeof name === 'string') this.#filter(name, { positional, named: [], spread: [] }, at);
    else this.#find('unlisted', '`|map` by a filter whose name is computed', at);
  }

  /** Numbers that say how much to make. */
  #sizes(name: string, { positional, named }: Given, at: number): void {
    if (!sized.has(name)) return;
    for (const value of [...positional, ...named.map(([, argument]) => argument)].map(folded)) {
      if (typeof value !== 'number' || Math.abs(value) <= most) continue;
      this.#find('bomb', `\`${name}\` of ${value}: more than any prompt holds`, at);
    }
  }

  #value(part: Expression): void {
    const value = folded(part);
    if (typeof value === 'string' && /__\w+__/.test(value)) {
      this.#find('unlisted', `holds the text ${shown(value)}, which names an inside of Python`, part.at);
    }
    if (part.kind !== 'operation') return;
    const [left, right] = part.items.map(folded);
    const number = [left, right].find((operand) => typeof operand === 'number' && operand > most);
    if (part.operator === '*' && number !== undefined) {
      this.#find('bomb', `a multiplication by ${String(number)} may repeat a text or a list`, part.at);
    }
    if (part.operator === '**' && !(typeof right === 'number' && right <= 64 && isSmall(value))) {
      this.#find('bomb', 'a power that may have more digits than memory holds', part.at);
    }
    if (part.operator === '%' && typeof left === 'string' && /%[^%\w]*\d{5,}/.test(left)) {
      this.#find('bomb', `a format of the width of ${shown(left)}`, part.at);
    }
  }
}

/** The parts of an expression that are used as values: all but what is called, and what is only tested. */
function* valuesOf(expression: Expression): Generator<Expression> {
  const called = new Set<Expression>();
  for (const part of everyExpression(expression)) {
    if (part.kind === 'call' || part.kind === 'test') called.add(part.of);
    if (!called.has(part)) yield part;
  }
}

/** A number with fewer digits than a line has. */
function isSmall(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && Math.abs(value) < 1e80);
}

/** Names that a template makes callable itself: macros, and what `joiner` and `cycler` return. */
function* callableNames(template: readonly Statement[]): Generator<string> {
  for (const { kind, name, targets, expressions } of everyStatement(template)) {
    if (kind === 'macro') yield name;
    const [[target], [value]] = [targets, expressions];
    if (kind !== 'set' || target?.kind !== 'name' || value?.kind !== 'call' || value.of.kind !== 'name') continue;
    if (value.of.name === 'joiner' || value.of.name === 'cycler') yield target.name;
  }
}
