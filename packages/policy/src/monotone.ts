import { PolicyError } from './errors.ts';
import { type AttributePath, type DecimalComparison, type Expression, operands, pathText } from './expression.ts';
import type { Attribute, Leaf, Shape, Vocabulary } from './vocabulary.ts';

/**
 * How an expression's value may change when evidence goes missing, or when a metric is rounded:
 *
 * - `falling`: only from true to false, so that a demand can stop being met and never begin to be;
 * - `rising`: only from false to true, which is what stands under a `!`;
 * - `fixed`: not at all, as long as it can still be evaluated.
 *
 * | expression                              | falling          | rising           | fixed            |
 * |-----------------------------------------|------------------|------------------|------------------|
 * | reads no evidence                       | yes              | yes              | yes              |
 * | `resource has x`                        | yes              | no               | no               |
 * | `resource.x.y` (a single value or set)  | yes              | yes              | yes              |
 * | `resource.x` (a whole record)           | no               | no               | no               |
 * | `!e`                                    | e rising         | e falling        | e fixed          |
 * | `a && b`, `a \|\| b`                    | both             | both             | both             |
 * | `if c then a else b`                    | c fixed, a and b | c fixed, a and b | all              |
 * | `metrics.m.greaterThan…(literal)`       | yes              | no               | no               |
 * | `metrics.m.lessThan…(literal)`          | no               | yes              | no               |
 * | `metricsAtMost.m.lessThan…(literal)`    | yes              | no               | no               |
 * | `metricsAtMost.m.greaterThan…(literal)` | no               | yes              | no               |
 * | a metric anywhere else                  | no               | no               | no               |
 * | `==` `<` `in` `contains` `like` … sets  | operands fixed   | operands fixed   | operands fixed   |
 *
 * Why a value that is read is `fixed` although it may be missing: strict validation lets it be read only behind a
 * `has` that held, so an expression that reads it is either evaluated with the same value or not reached; and reading
 * it without guard is an error, which denies. Nothing else in {@link Expression} can fail at run time.
 */
export type Change = 'falling' | 'rising' | 'fixed';

const opposite: Readonly<Record<Change, Change>> = { falling: 'rising', rising: 'falling', fixed: 'fixed' };

/** Why an expression is not accepted, and the attribute that it is about. */
export interface Objection {
  readonly code: 'HF_POLICY_FAILS_OPEN' | 'HF_POLICY_ROUNDING';
  readonly path: AttributePath;
  readonly why: string;
}

/** The first reason why an expression may change otherwise than `change`, by the table above. */
export function objection(e: Expression, change: Change, words: Vocabulary): Objection | undefined {
  switch (e.kind) {
    case 'literal':
      return undefined;
    case 'path':
      return valueObjection(e.path, words);
    case 'has':
      if (change === 'falling' || !isEvidence(e.path, words)) return undefined;
      return open(e.path, 'holds more often when it is missing');
    case 'not':
      return objection(e.arg, opposite[change], words);
    case 'and':
    case 'or':
      return objection(e.left, change, words) ?? objection(e.right, change, words);
    case 'if':
      return objection(e.test, 'fixed', words) ?? objection(e.yes, change, words) ?? objection(e.no, change, words);
    case 'decimal':
      return metricObjection(e, change, words);
    case 'operation':
      return firstObjection(e.args, words);
  }
}

function firstObjection(args: readonly Expression[], words: Vocabulary): Objection | undefined {
  for (const arg of args) {
    const found = objection(arg, 'fixed', words);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A path that is read as a value: single values and sets are fixed, records change with what is missing in them. */
function valueObjection(path: AttributePath, words: Vocabulary): Objection | undefined {
  // An entity by itself is its type and id (https://docs.cedarpolicy.com/policies/syntax-operators.html#equality).
  if (path.names.length === 0 && path.root !== 'context') return undefined;
  const shape = shapeAt(path, words);
  if (shape.kind === 'record') return open(path, 'is a whole record, which changes with what is missing in it');
  if (shape.rounded === undefined) return undefined;
  return rounding(path, 'is rounded, and may only be compared with a literal: `.greaterThanOrEqual(decimal("0.7"))`');
}

/** A comparison of decimals: rounding must count against the artifact. */
function metricObjection(
  e: Extract<Expression, { kind: 'decimal' }>,
  change: Change,
  words: Vocabulary,
): Objection | undefined {
  const right = objection(e.right, 'fixed', words);
  if (right !== undefined) return right;
  const shape = e.left.kind === 'path' ? shapeAt(e.left.path, words) : undefined;
  if (e.left.kind !== 'path' || shape?.kind !== 'leaf' || shape.rounded === undefined) {
    return objection(e.left, 'fixed', words);
  }
  if (e.right.kind !== 'operation' || e.right.op !== 'decimal')
    return rounding(e.left.path, 'is compared with no literal');
  return change === soundFor(shape.rounded, e.op) ? undefined : rounding(e.left.path, roundedText[shape.rounded]);
}

const roundedText = {
  down: 'is rounded down, which would count for the artifact here; use `metricsAtMost` for ceilings',
  up: 'is rounded up, which would count for the artifact here; use `metrics` for floors',
} as const;

/** Rounding down makes `greaterThan` harder and `lessThan` easier; rounding up the reverse. */
function soundFor(rounded: 'down' | 'up', op: DecimalComparison): Change {
  const isFloor = op.startsWith('greaterThan');
  return (rounded === 'down') === isFloor ? 'falling' : 'rising';
}

/** The first evidence in an expression: what `forbid … when` and `permit … unless` must not touch at all. */
export function firstEvidence(e: Expression, words: Vocabulary): AttributePath | undefined {
  if (e.kind === 'path' || e.kind === 'has') return isEvidence(e.path, words) ? e.path : undefined;
  for (const operand of operands(e)) {
    const found = firstEvidence(operand, words);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Evidence is everything that can be absent: some attribute on the way there is optional. */
export function isEvidence(path: AttributePath, words: Vocabulary): boolean {
  if (path.root === 'context' && path.names.length === 0) return true;
  return attributesAlong(path, words).some((attribute) => attribute.optional);
}

/** The shape at the end of a path; paths have been looked up in the vocabulary before. */
function shapeAt(path: AttributePath, words: Vocabulary): Shape {
  const last = attributesAlong(path, words).at(-1);
  if (last !== undefined) return last.shape;
  return path.root === 'action' ? entityId : words[path.root];
}

const entityId: Leaf = { kind: 'leaf', type: 'String' };

function attributesAlong(path: AttributePath, words: Vocabulary): Attribute[] {
  let shape: Shape = path.root === 'action' ? entityId : words[path.root];
  return path.names.map((name) => {
    const next: Attribute | undefined = shape.kind === 'record' ? shape.attributes.get(name) : undefined;
    if (next === undefined) {
      throw new PolicyError(
        'HF_POLICY_UNKNOWN_ATTRIBUTE',
        `\`${pathText(path)}\` is no attribute that policies can read`,
      );
    }
    shape = next.shape;
    return next;
  });
}

function open(path: AttributePath, why: string): Objection {
  return { code: 'HF_POLICY_FAILS_OPEN', path, why };
}

function rounding(path: AttributePath, why: string): Objection {
  return { code: 'HF_POLICY_ROUNDING', path, why };
}
