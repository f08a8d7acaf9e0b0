import type { Shape } from './judge.ts';

/** Elements, bytes or bits: from here on an argument is no honest size. */
const huge = 2 ** 28;

/** What takes as much memory as its arguments say. */
const takers = [
  /^builtins\.(?:bytearray|bytes|list|tuple|pow|str|int)(?:\.\w+)?$/,
  /^operator\.(?:mul|imul|pow|ipow|lshift|ilshift|__\w+__)$/,
  /^(?:itertools\.(?:repeat|product|combinations|permutations)|math\.(?:factorial|comb|perm)|array\.array)$/,
  /^numpy\.(?:\w+\.)*(?:zeros|ones|empty|full|arange|linspace|eye|identity|tile|repeat|ndarray|tri|indices|resize|pad|logspace|_reconstruct|_frombuffer|scalar|dtype)$/,
  /^torch\.(?:\w+\.)*(?:zeros|ones|empty|full|arange|linspace|eye|rand|randn|tile|Tensor|\w+Storage|_rebuild\w*|randint|randperm)$/,
];

/** Whether a call would take memory without measure: `bytearray(10 ** 12)`. */
export function takesMemory(name: string, positional: readonly Shape[]): boolean {
  return takers.some((taker) => taker.test(name)) && largest(positional) >= huge;
}

/** The product of the largest ints, as sizes in several dimensions multiply. */
function largest(shapes: readonly Shape[], depth = 0): number {
  let single = 1;
  let product = 1;
  for (const shape of shapes) {
    const size = sizeOf(shape, depth);
    single = Math.max(single, size);
    product *= size;
  }
  return depth > 0 ? product : single;
}

function sizeOf(shape: Shape, depth: number): number {
  if (shape.kind === 'int') return Math.max(1, Number(shape.value));
  if ((shape.kind === 'tuple' || shape.kind === 'list') && depth < 3) return largest(shape.items, depth + 1);
  return 1;
}
