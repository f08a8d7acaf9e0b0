import type { Shape } from '../callables/judge.ts';

/** What a value on the stack is, as a small number: it indexes bits of a mask, too. */
export const kinds = {
  none: 0,
  bool: 1,
  /** An int whose value is at hand. */
  int: 2,
  /** An int that is read again from its opcode. */
  long: 3,
  float: 4,
  str: 5,
  bytes: 6,
  bytearray: 7,
  tuple: 8,
  list: 9,
  set: 10,
  frozenset: 11,
  dict: 12,
  /** A class or function that was named. */
  reference: 13,
  /** What a call or a persistent id gave. */
  result: 14,
  opaque: 15,
} as const;

/** Added to the kind of a container whose items are not kept any more: what is at hand is the mask of their kinds. */
export const forgotten = 16;

const names: readonly Shape['kind'][] = [
  ...(['none', 'bool', 'int', 'int', 'float', 'str', 'bytes', 'bytes', 'tuple', 'list', 'set', 'frozenset'] as const),
  ...(['dict', 'reference', 'instance', 'opaque'] as const),
];

/** Bits of what cannot be the key of a dict. */
export const unhashable = (1 << kinds.list) | (1 << kinds.set) | (1 << kinds.dict) | (1 << kinds.bytearray);

/** The kinds whose bits are set. A result may be an instance, or what a loader hands in. */
export function kindsOf(mask: number): ReadonlySet<Shape['kind']> {
  const found = new Set<Shape['kind']>();
  for (const [bit, name] of names.entries()) if ((mask & (1 << bit)) !== 0) found.add(name);
  if ((mask & (1 << kinds.result)) !== 0) found.add('persistent').add('opaque');
  return found;
}

export function isContainer(kind: number): boolean {
  const plain = kind & 15;
  return plain >= kinds.tuple && plain <= kinds.dict;
}
