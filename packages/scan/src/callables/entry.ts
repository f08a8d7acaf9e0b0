import type { Pattern, Relation } from './pattern.ts';

/** One form that a call may take. */
export interface CallForm {
  /** Of the positional arguments, in order. Those from `required` on may be left out. */
  readonly arguments: readonly Pattern[];
  readonly required?: number;
  /** Any further positional arguments. */
  readonly rest?: Pattern;
  /** Of the named ones; each may be left out. */
  readonly named?: Readonly<Record<string, Pattern>>;
  readonly relation?: Relation;
}

/** What comes out of a call. */
export type Returned =
  /** An instance under this name. */
  | string
  /** An instance of the class that is the argument of this index. */
  | { readonly instanceOf: number }
  /** An instance that keeps what it was made from. */
  | { readonly keeps: string }
  /** The bytes of a str in Latin-1, as old protocols write bytes, or no bytes: what they write for `b''`. */
  | { readonly bytes: 'latin-1' | 'none' };

/** A callable that files may name, and what they may do with it. What an entry does not say is not allowed. */
export interface Entry {
  /** Every spelling of its full name: `module.name`; the first is the one that is shown. */
  readonly names: readonly string[];
  /** Forms of a call: `REDUCE`, and `INST` or `OBJ` with arguments. None: it may only be named. */
  readonly calls?: readonly CallForm[];
  /** Forms of `cls.__new__(cls, …)`: `NEWOBJ`, and `INST` or `OBJ` without arguments. */
  readonly new?: readonly CallForm[];
  readonly returns?: Returned;
  /** Of the state that `BUILD` hands to what comes out; `relation` is between the instance and the state. */
  readonly state?: Pattern;
  readonly stateRelation?: Relation;
  /** Fields of the state that are a file of their own, where they are bytes, and the format that it has to be of. */
  readonly opens?: Readonly<Record<string, string>>;
  /** Of items that are appended or added one by one. */
  readonly items?: Pattern;
  /** Of entries that are set. */
  readonly entries?: readonly [key: Pattern, value: Pattern];
}
