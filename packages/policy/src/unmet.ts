import type { ArtifactFacts } from './artifact-facts.ts';
import type { Question } from './cedar.ts';
import type { AttributeView } from './entities.ts';
import { type AttributePath, type Expression, pathsIn } from './expression.ts';
import { isEvidence } from './monotone.ts';
import type { Reason } from './request.ts';
import type { Vocabulary } from './vocabulary.ts';
import { printable } from './wording.ts';

/** What a request showed: the entities as Cedar saw them, and the exact numbers. */
export interface Seen {
  readonly question: Question;
  readonly exact: { readonly resource: AttributeView; readonly context: AttributeView };
  readonly checks: ArtifactFacts['checks'];
  readonly words: Vocabulary;
}

type Unmet = Omit<Reason, 'policy'>;

/** One demand that does not hold, in words: what is missing, or what was measured and asked. */
export function describeUnmet(demand: Expression, seen: Seen): Unmet | undefined {
  const missing = pathsIn(demand)
    .map((path) => absentPart(path, seen))
    .find((path) => path !== undefined);
  if (missing !== undefined) return absent(missing, seen);
  const compared = comparison(demand);
  if (compared === undefined) return undefined;
  const { path, asked } = compared;
  const value = valueAt(exactRoot(path, seen), path.names);
  const measured = valueText(value);
  const fix = remedy(path, 'looked at');
  return {
    message: `${shortName(path)} measured ${brief(value, asked) ?? measured}, policy asks ${asked}`,
    measured,
    asked,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** A number in four digits, where those still show on which side of the demand it lies. */
function brief(value: unknown, asked: string): string | undefined {
  if (typeof value !== 'number') return undefined;
  const short = Number(value.toPrecision(4));
  const limit = Number(/[-\d.]+$/.exec(asked)?.[0] ?? Number.NaN);
  return Math.abs(short - limit) > Math.abs(short - value) ? String(short) : undefined;
}

function absent(path: AttributePath, seen: Seen): Unmet {
  const missing = shortName(path);
  const check = path.root === 'resource' ? seen.checks?.[path.names.join('.')] : undefined;
  const message =
    check?.verdict === 'unknown'
      ? `${missing} could not tell: its verdict is unknown`
      : `${path.root === 'context' ? 'nobody knows' : 'no evidence of'} ${missing}`;
  const state = check === undefined ? 'missing' : 'looked at';
  return { message, missing, fix: remedy(path, state) ?? 'holdfast run' };
}

/** The shortest part of a path that the request lacks; undefined where all of it is there or it is no evidence. */
function absentPart(path: AttributePath, seen: Seen): AttributePath | undefined {
  if (!isEvidence(path, seen.words)) return undefined;
  const root = shownRoot(path, seen);
  for (let length = 1; length <= path.names.length; length++) {
    const names = path.names.slice(0, length);
    // A group of checks by itself (`trial`) is not what somebody has to produce.
    if (valueAt(root, names) === undefined) return { root: path.root, names: wholeCheck(path, length, seen) };
  }
  return undefined;
}

/** Extends `trial` to `trial.robustness`, up to the record that has attributes of its own. */
function wholeCheck(path: AttributePath, length: number, seen: Seen): readonly string[] {
  let end = length;
  while (end < path.names.length && isGroup(path.names.slice(0, end), seen.words)) end++;
  return path.names.slice(0, end);
}

function isGroup(names: readonly string[], words: Vocabulary): boolean {
  let shape: Vocabulary['resource'] = words.resource;
  for (const name of names) {
    const child = shape.attributes.get(name)?.shape;
    if (child?.kind !== 'record') return false;
    shape = child;
  }
  return shape.metrics === undefined && [...shape.attributes.values()].every(({ optional }) => optional);
}

function shownRoot(path: AttributePath, { question }: Seen): unknown {
  return path.root === 'context' ? question.context : question.entities[0]?.attrs;
}

const exactRoot = ({ root }: AttributePath, { exact }: Seen): unknown =>
  root === 'context' ? exact.context : exact.resource;

function valueAt(root: unknown, names: readonly string[]): unknown {
  let value = root;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** A demand on one attribute: `a.b`, `!a.b`, `a.b >= 1`, `a.b.greaterThan(decimal("0.4"))`, `["x"].contains(a.b)`. */
function comparison(demand: Expression): { path: AttributePath; asked: string } | undefined {
  if (demand.kind === 'path') return { path: demand.path, asked: 'true' };
  if (demand.kind === 'not') return demand.arg.kind === 'path' ? { path: demand.arg.path, asked: 'false' } : undefined;
  const [left, right, op] = sides(demand);
  if (left === undefined || right === undefined) return undefined;
  const [attribute, constant] = left.kind === 'path' ? [left, right] : [right, left];
  const asked = constantText(constant);
  if (attribute.kind !== 'path' || attribute.path.root === 'principal' || asked === undefined) return undefined;
  return { path: attribute.path, asked: `${phrase(op, left === attribute)}${asked}` };
}

function sides(demand: Expression): [Expression | undefined, Expression | undefined, string] | [] {
  if (demand.kind === 'decimal') return [demand.left, demand.right, demand.op];
  return demand.kind === 'operation' ? [demand.args[0], demand.args[1], demand.op] : [];
}

const phrases: Readonly<Record<string, string>> = {
  '!=': 'not ',
  '>': 'more than ',
  greaterThan: 'more than ',
  '<': 'less than ',
  lessThan: 'less than ',
  '<=': 'at most ',
  lessThanOrEqual: 'at most ',
  contains: 'one of ',
};
const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** `>=` needs no words: "measured 0.312, policy asks 0.40". */
function phrase(op = '', attributeFirst: boolean): string {
  if (op === 'contains' && attributeFirst) return '';
  return phrases[attributeFirst ? op : (mirrored[op] ?? op)] ?? '';
}

function constantText(expression: Expression): string | undefined {
  if (expression.kind === 'literal') return valueText(expression.value);
  if (expression.kind !== 'operation') return undefined;
  const parts = expression.args.map(constantText);
  return parts.every((part) => part !== undefined) ? parts.join(', ') : undefined;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.slice(0, 8).map(valueText).join(', ');
  return 'something else';
}

/** `trial.robustness` of `resource.trial.robustness`; the context keeps its name. */
const shortName = ({ root, names }: AttributePath): string =>
  printable([...(root === 'resource' ? [] : [root]), ...names].join('.'));

const remedies: Readonly<Record<string, string>> = {
  'resource.provenance': 'holdfast run',
  'resource.evaluation': 'holdfast run evaluate',
  'resource.metrics': 'holdfast run evaluate',
  'resource.metricsAtMost': 'holdfast run evaluate',
  'resource.signature': 'holdfast sign {artifact}',
  'resource.approval': 'holdfast approve {artifact}',
  'resource.standing': 'holdfast verify {artifact}',
  'context.oldestEvidenceHours': 'holdfast run --due',
};

/** The command that tells what a check has seen, where there is one. */
const reviews: Readonly<Record<string, string>> = { 'resource.scan': 'holdfast scan {artifact} --explain' };

/**
 * The command that produces this kind of evidence. A check that ran and did not like what it saw would say the same
 * again: there it is the command that explains it.
 */
function remedy({ root, names }: AttributePath, state: 'missing' | 'looked at'): string | undefined {
  const group = `${root}.${names[0] ?? ''}`;
  return (state === 'looked at' ? reviews[group] : undefined) ?? remedies[group];
}
