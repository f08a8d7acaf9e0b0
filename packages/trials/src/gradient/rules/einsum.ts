import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/** An operand by the labels of its axes. Those of the ellipsis are letters that the equation does not use. */
interface Term {
  readonly name: string;
  readonly labels: readonly string[];
  readonly dims: readonly (number | null)[];
}

/**
 * Y = Σ Π Xₖ over the labels that Y lacks: dXᵢ = Σ dY·Π Xₖ (k ≠ i) over the labels that Xᵢ lacks; repeated along those that
 * nothing but Xᵢ has, summed along those that Xᵢ was broadcast over.
 */
const einsum = ofOutput((operation, dy, writer, wanted) => {
  const { terms, output } = equationOf(operation, writer);
  const of = { name: dy, labels: output, dims: writer.dims(operation.output()) };
  return terms.map((term, index) =>
    wanted(index) ? operandGradient(writer, term, [of, ...terms.filter((_, other) => other !== index)]) : undefined,
  );
});

function operandGradient(writer: GraphWriter, term: Term, factors: readonly Term[]): string {
  const sizes = term.labels.map((label) => (factors.some(({ labels }) => labels.includes(label)) ? label : undefined));
  const shared = sizes.filter((label) => label !== undefined);
  const product = multiplied(writer, factors, shared);
  const absent = sizes.flatMap((label, axis) => (label === undefined ? [axis] : []));
  const full = absent.length === 0 ? product : writer.emit('Unsqueeze', [product, writer.int64(absent)]);
  const broadcast = term.labels.flatMap((label, axis) =>
    term.dims[axis] === 1 && factors.some((factor) => sizeOf(factor, label) !== 1) ? [axis] : [],
  );
  const summed =
    broadcast.length === 0 ? full : writer.emit('ReduceSum', [full, writer.int64(broadcast)], { keepdims: 1n });
  const isNarrow = term.labels.some(
    (label, axis) => term.dims[axis] !== 1 && factors.every((each) => sizeOf(each, label) === 1),
  );
  return absent.length > 0 || isNarrow ? writer.emit('Expand', [summed, writer.shape(term.name)]) : summed;
}

/** 1 also where the factor lacks the label. */
function sizeOf({ labels, dims }: Term, label: string): number | null {
  const axis = labels.indexOf(label);
  return axis < 0 ? 1 : (dims[axis] ?? null);
}

/** An Einsum of the factors. Those without axes are multiplied outside of it: not every runtime takes an empty term. */
function multiplied(writer: GraphWriter, factors: readonly Term[], labels: readonly string[]): string {
  const scalars = factors.filter((factor) => factor.labels.length === 0).map(({ name }) => name);
  const others = factors.filter((factor) => factor.labels.length > 0);
  const all = others.length === 0 ? scalars : [contracted(writer, others, labels), ...scalars];
  return all.reduce((left, right) => writer.emit('Mul', [left, right]));
}

function contracted(writer: GraphWriter, factors: readonly Term[], labels: readonly string[]): string {
  const spelt = factors.map((factor) => factor.labels.join('')).join(',');
  const names = factors.map(({ name }) => name);
  if (spelt === labels.join('')) return names[0] ?? '';
  return writer.emit('Einsum', names, { equation: `${spelt}->${labels.join('')}` });
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lettersOf = (text: string): string[] => text.match(/[a-zA-Z]/g) ?? [];

function equationOf(operation: Operation, writer: GraphWriter): { terms: Term[]; output: string[] } {
  const equation = operation.text('equation', '').replaceAll(' ', '');
  const [left = '', right] = equation.split('->');
  const free = lettersOf(alphabet).filter((letter) => !equation.includes(letter));
  const ranks = left.split(',').map((text, index) => writer.rank(operation.input(index)) - lettersOf(text).length);
  const ellipsis = free.slice(0, Math.max(0, ...ranks));
  const terms = left.split(',').map((text, index): Term => {
    const name = operation.input(index);
    const labels = labelled(text, ellipsis.slice(ellipsis.length - (ranks[index] ?? 0)));
    if (new Set(labels).size < labels.length) operation.refuse(`it takes a diagonal: \`${equation}\``);
    return { name, labels, dims: writer.dims(name) };
  });
  const once = lettersOf(left).filter((letter, _, all) => all.indexOf(letter) === all.lastIndexOf(letter));
  const implicit = `${left.includes('...') ? '...' : ''}${once.sort().join('')}`;
  return { terms, output: labelled(right ?? implicit, ellipsis) };
}

function labelled(text: string, ellipsis: readonly string[]): string[] {
  const [before = '', behind] = text.split('...');
  return behind === undefined ? lettersOf(before) : [...lettersOf(before), ...ellipsis, ...lettersOf(behind)];
}

export const einsumRules: GradientRules = { Einsum: einsum };
