import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { broadcast, placesOf, stridesOf } from './layout.ts';
import { fromNumbers, numbersOf, type Value } from './value.ts';

interface Term {
  readonly value: Value;
  /** A label for each axis; those of the ellipsis are digits, counted from the last axis. */
  readonly labels: readonly string[];
}

const lettersOf = (text: string): string[] => text.match(/\w/g) ?? [];

const ellipsisOf = (rank: number): string[] => Array.from({ length: rank }, (_, i) => String(rank - 1 - i));

function labelsOf(text: string, rank: number): string[] {
  const [before, after] = text.split('...') as [string, string | undefined];
  const [left, right] = [lettersOf(before), lettersOf(after ?? '')];
  if (after === undefined) return left;
  return [...left, ...ellipsisOf(rank - left.length - right.length), ...right];
}

/** Without `->`: the ellipsis, then the labels that occur once, in alphabetical order. */
function implicitOutput(inputs: string): string {
  const letters = lettersOf(inputs).sort();
  const single = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return (inputs.includes('...') ? '...' : '') + single.join('');
}

/** The sum, over all labels that the output lacks, of the products of what the labels point at. */
const einsum: Operator = (call) => {
  const equation = call.string('equation', '').replaceAll(' ', '');
  const [inputs, explicit] = equation.split('->') as [string, string | undefined];
  const terms = inputs.split(',').map((text, i): Term => {
    const value = call.input(i);
    return { value, labels: labelsOf(text, value.dims.length) };
  });
  const sizes = new Map<string, number>();
  for (const { value, labels } of terms) {
    if (labels.length !== value.dims.length) throw new Error(`\`${equation}\` does not fit [${value.dims.join()}]`);
    for (const [axis, label] of labels.entries()) {
      sizes.set(label, broadcast([sizes.get(label) ?? 1], [value.dims[axis]!])[0]!);
    }
  }
  const ellipsis = ellipsisOf([...sizes.keys()].filter((label) => /\d/.test(label)).length).join('');
  const output = lettersOf((explicit ?? implicitOutput(inputs)).replace('...', ellipsis));
  const summed = [...sizes.keys()].filter((label) => !output.includes(label));
  return contracted(terms, output, summed, sizes);
};

function contracted(
  terms: readonly Term[],
  output: readonly string[],
  summed: readonly string[],
  sizes: ReadonlyMap<string, number>,
): Value {
  const all = [...output, ...summed];
  const dims = all.map((label) => sizes.get(label)!);
  const products = new Float64Array(elementCount(dims)).fill(1);
  for (const { value, labels } of terms) {
    const own = stridesOf(value.dims);
    const strideOf = (label: string): number =>
      labels.reduce((sum, name, axis) => sum + (name === label && value.dims[axis] !== 1 ? own[axis]! : 0), 0);
    const from = numbersOf(value);
    for (const [i, place] of placesOf(dims, all.map(strideOf)).entries()) products[i]! *= from[place]!;
  }
  const kept = dims.slice(0, output.length);
  const sums = new Float64Array(elementCount(kept));
  const per = products.length / sums.length;
  for (const [i, product] of products.entries()) sums[Math.floor(i / per)]! += product;
  return fromNumbers(terms[0]!.value.type, kept, sums);
}

export const contraction: Operators = { Einsum: einsum };
