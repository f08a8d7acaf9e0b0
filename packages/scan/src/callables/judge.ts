/** A callable as a file names it; `name` may be dotted (protocol 4), and is empty for the module itself. */
export interface Reference {
  readonly module: string;
  readonly name: string;
}

/** What a callable can reach: the reason why it is not allowed. */
export type Effect = 'code' | 'process' | 'file' | 'network' | 'import' | 'deserialise' | 'state' | 'memory';

/** How a pickle calls: by opcode, with `build` for a state that is set and `extend` for items that are added. */
export type CallKind = 'reduce' | 'new' | 'inst' | 'build' | 'extend' | 'setitems' | 'additems';

/**
 * A value as a file builds it, as far as it matters for a decision. Items are at most the first few hundred; `more`
 * says that there are others, and then `rest` says what kinds they are.
 */
export type Shape =
  | { readonly kind: 'none' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'str'; readonly value: string; readonly length: number }
  /** `at`: where they are in the file, as far as they are there as they are. */
  | { readonly kind: 'bytes'; readonly length: number; readonly read: () => Uint8Array; readonly at?: number }
  | {
      readonly kind: 'tuple' | 'list' | 'set' | 'frozenset';
      readonly items: readonly Shape[];
      readonly more: boolean;
      /** Every kind that occurs among all items, also below. */
      readonly kinds: ReadonlySet<Shape['kind']>;
    }
  | {
      readonly kind: 'dict';
      readonly entries: readonly (readonly [key: Shape, value: Shape])[];
      readonly more: boolean;
      readonly kinds: ReadonlySet<Shape['kind']>;
    }
  /** A class or function that was only named. */
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** What an allowed call made, by the name that its entry on the allowlist gives: `torch.Tensor`. */
  | {
      readonly kind: 'instance';
      readonly of: string;
      /** The arguments that it was made from, where they decide on what may be done with it: a dtype, a `partial`. */
      readonly holds?: readonly Shape[];
    }
  /** What the loader hands in for a persistent id: `torch.Storage`; `elements` as far as they are known to be there. */
  | { readonly kind: 'persistent'; readonly of: string; readonly elements?: number }
  /** What nothing is known about. */
  | { readonly kind: 'opaque' };

/** Bytes that are a file, by the name of the format that it has to be of. */
export interface Opened {
  readonly bytes: Extract<Shape, { kind: 'bytes' }>;
  readonly format: string;
}

export type Judgement =
  | {
      readonly verdict: 'pass';
      /** What comes out, for the shape of the result. */
      readonly returns: Shape;
      /**
       * Why it may only be called at once: what it reaches when somebody who gets hold of it calls it later, with arguments
       * that nobody has seen.
       */
      readonly kept?: Exclude<Judgement, { readonly verdict: 'pass' }>;
      /** What it loads as files of their own: it only passes where each of them is of this format, and does. */
      readonly opens?: readonly Opened[];
    }
  | {
      readonly verdict: 'fail';
      readonly effect: Effect;
      /** What it really is, after aliases and attribute walks. */
      readonly reaches: Reference;
      /** In words: `starts a program`. */
      readonly does: string;
      /** What would come out, so that what is done with it can be told. */
      readonly returns?: Shape;
    }
  | {
      readonly verdict: 'unknown';
      readonly reaches: Reference;
      /** A lower-case sentence. */
      readonly because: string;
      /**
       * Bytes that it would load as a file of their own. Where the scan finds that file clean, the call is allowed, and
       * `returns` comes out.
       */
      readonly loads?: Shape;
      readonly returns?: Shape;
    };

/** Decides on what a file names and calls. */
export interface Judge {
  /** May the file import the module and take the name from it? What passes comes back under its own name. */
  reference(reference: Reference): Judgement;
  /**
   * May it be called so? `callee` is a reference or an instance (whose class is then asked).
   *
   * `positional` are the arguments of a call and of `__new__` (without the class). For `build` it is the state alone, for
   * `extend` and `additems` it is a list of the items, for `setitems` a dict of the entries; then `returns` is the
   * instance again.
   */
  call(callee: Shape, kind: CallKind, positional: readonly Shape[], named?: ReadonlyMap<string, Shape>): Judgement;
  /** SHA-256 in hex of the allowlist in its canonical form: two scans with the same one judge alike. */
  readonly digest: string;
}
