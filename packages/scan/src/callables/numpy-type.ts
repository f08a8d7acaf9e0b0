import type { Shape } from './judge.ts';

/** What a `numpy.dtype` is, from the code that it was made from. */
export interface NumpyType {
  /** Bytes of an item. */
  readonly size: number;
  /** Whether items are references to Python objects. */
  readonly objects: boolean;
  /** Whether `BUILD` sets the size of an item: text, bytes and records. */
  readonly extended: boolean;
  /** Whether it may have fields. */
  readonly record: boolean;
}

// `numpy.dtype.str` without the byte order: what numpy writes as the first argument of `numpy.dtype`.
const code = /^(?:(b)1|([iu])[1248]|(f)(?:2|4|8|12|16)|(c)(?:8|16|24|32)|([mM])8|([SUV])(\d{1,9})|(O)[48]?)$/;

/** The type that a value is, or undefined when it is none or none that is understood. */
export function dtypeOf(shape: Shape | undefined): NumpyType | undefined {
  if (shape?.kind !== 'instance' || shape.of !== 'numpy.dtype') return undefined;
  const [made] = shape.holds ?? [];
  return made?.kind === 'str' ? numpyType(made.value) : undefined;
}

/** @param text as in `numpy.dtype('f8')` */
export function numpyType(text: string): NumpyType | undefined {
  const found = code.exec(text);
  if (found === null) return undefined;
  const [, , , , , , flexible, length, object] = found;
  if (object !== undefined) return { size: 8, objects: true, extended: false, record: false };
  if (flexible === undefined || length === undefined)
    return { size: Number(text.slice(1)), objects: false, extended: false, record: false };
  const size = Number(length) * (flexible === 'U' ? 4 : 1);
  return { size, objects: false, extended: true, record: flexible === 'V' };
}
