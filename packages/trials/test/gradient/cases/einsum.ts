import { node } from '@holdfast/onnx';
import { type Draw, type Draws, from, pick, some } from './draw.ts';

/** Equations, and the axes of each operand: letters, digits for those of the ellipsis, `1` where it is broadcast. */
const equations: readonly (readonly [string, ...string[]])[] = [
  ['ij,jk->ik', 'ij', 'jk'],
  ['ij,kj', 'ij', 'kj'],
  ['bij,bjk->bik', 'bij', 'bjk'],
  ['bhid,bhjd->bhij', 'bhid', 'bhjd'],
  ['ij->ji', 'ij'],
  ['ij->j', 'ij'],
  ['ij->', 'ij'],
  ['ij', 'ij'],
  ['i,j->ij', 'i', 'j'],
  ['i,i->', 'i', 'i'],
  ['ij,ij->i', 'ij', 'ij'],
  ['ij,jk,kl->il', 'ij', 'jk', 'kl'],
  ['ij,k->j', 'ij', 'k'],
  ['...ij,...jk->...ik', 'xyij', 'xyjk'],
  ['...ij,...jk->...ik', 'x1ij', 'xyjk'],
  ['...ij,jk->...ik', 'xij', 'jk'],
  ['i...,i...->...', 'ix', 'ix'],
  [' b i , o i -> b o ', 'bi', 'oi'],
];

const einsum: Draw = (random) => {
  const [equation, ...operands] = pick(random, equations);
  const sizes = new Map([['1', 1]]);
  const dimsOf = (labels: string) =>
    Array.from(labels, (label) => {
      const size = sizes.get(label) ?? from(random, 1, 3);
      sizes.set(label, size);
      return size;
    });
  const names = operands.map((_, index) => `x${index}`);
  return {
    nodes: [node('Einsum', names, ['y'], { attributes: { equation } })],
    inputs: Object.fromEntries(operands.map((labels, index) => [names[index] ?? '', some(random, dimsOf(labels))])),
  };
};

export const einsumCases: Draws = { Einsum: einsum };
