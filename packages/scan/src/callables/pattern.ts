/**
 * The language in which the allowlist says what an argument may be. It is data: plain JSON, so that the digest of the
 * allowlist covers every word of it.
 *
 * | pattern | matches |
 * |---|---|
 * | `none` `bool` `int` `float` `str` `bytes` | a value of exactly this type; `bytes` also a `bytearray` |
 * | `data` | these, and tuples, lists, sets and dicts of nothing but these, at any depth |
 * | `object` | anything whose parts were all allowed themselves |
 * | `attributes` | what `BUILD` puts into a `__dict__`: no name that pickle itself would call later |
 * | `dtype` | a `numpy.dtype` without objects; `object dtype` is the one with them |
 * | `plain class` | a class that is harmless to make empty and to fill |
 * | `index class` | the same among the indexes of pandas |
 */
export type Pattern =
  | Simple
  /** An int from the first to the last, both included. */
  | { readonly int: readonly [least: number, most: number] }
  /** A str, or bytes in ASCII, that is one of these. */
  | { readonly text: readonly string[] }
  /** A str that matches the regular expression as a whole. */
  | { readonly matching: string }
  /** A str or bytes of at most so many characters or bytes. */
  | { readonly short: number }
  | { readonly tuple: readonly Pattern[] }
  /** A tuple, list, set … whose items all match. */
  | { readonly every: Pattern; readonly of: 'tuple' | 'list' | 'set' | 'frozenset' }
  | { readonly dict: readonly [key: Pattern, value: Pattern] }
  /** A dict with some of these keys among others, which are `attributes`; `only`: there are no others. */
  | { readonly fields: Readonly<Record<string, Pattern>>; readonly only?: true }
  /** Something that an allowed call made. */
  | { readonly instance: readonly string[] }
  | { readonly persistent: readonly string[] }
  /** A class or function that is only named. */
  | { readonly reference: readonly string[] }
  | { readonly either: readonly Pattern[] };

export type Simple =
  | 'none'
  | 'bool'
  | 'int'
  | 'float'
  | 'str'
  | 'bytes'
  | 'data'
  | 'object'
  | 'attributes'
  | 'dtype'
  | 'object dtype'
  | 'plain class'
  | 'index class';

/** What must hold of all arguments together, where no pattern of a single one can say it. */
export type Relation =
  /** The bytes of a numpy array are as many as its shape and type ask for; a list has an item for each. */
  | 'array is complete'
  /** The same of a buffer, its type and its shape, in this order. */
  | 'buffer is complete'
  /** The bytes of a scalar are those of its type. */
  | 'scalar is complete'
  /** A numpy type that is made for itself, not the one that everybody shares. */
  | 'type is a copy'
  /** The flags of a numpy type are those of one with or without objects, as it was made; its fields lie within it. */
  | 'type is itself'
  /** The same where the tensor's arguments are a tuple, the third argument. */
  | 'tensor of a type'
  /** A tensor lies within its storage. */
  | 'tensor within storage';
