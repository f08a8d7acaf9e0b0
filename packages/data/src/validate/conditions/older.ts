import { notUnderstood } from './not-understood.ts';
import type { Comparison, Constant, Node } from './syntax.ts';

const value = `[^"']+`;
const form = new RegExp(
  String.raw`^\s*col\("(?<column>[^"\n]+)"\)\s*(?:(?<present>\.notnull\(\))|(?<sign>[<>]=?|[=!]=)\s*(?:(?<number>[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?:date\s*\(\s*)?(?:"(?<double>${value})"|'(?<single>${value})')\s*(?<close>\)?)))\s*$`,
  'i',
);

/** Reads `col("rank") > 4`, the one form that GX had of its own before its objects. @throws Unanswerable */
export function olderCondition(source: string): Node {
  const parts = source.length > 10_000 ? undefined : form.exec(source)?.groups;
  if (parts === undefined) return notUnderstood('GX has another form for `great_expectations`');
  const of: Node = { kind: 'name', name: parts['column'] ?? '' };
  const given = { positional: [], named: new Map() };
  if (parts['present'] !== undefined) return { kind: 'call', of, path: 'notnull', given };
  const isDate = /\)\s*(?:[<>]=?|[=!]=)\s*date\s*\(/.test(source);
  if (isDate !== (parts['close'] === ')')) return notUnderstood('its brackets do not fit');
  return {
    kind: 'comparison',
    first: of,
    rest: [[parts['sign'] as Comparison, { kind: 'constant', value: constant(parts) }]],
  };
}

function constant({ number, double, single }: Record<string, string | undefined>): Constant {
  if (number === undefined) return double ?? single ?? '';
  return Number(number);
}
