import type { CallKind, Judge, Judgement, Opened, Reference, Shape } from '../callables/judge.ts';
import type { Step } from '../finding.ts';
import { BeyondLimit } from './beyond-limit.ts';
import { modern } from './compat.ts';
import { describedCall, named } from './describe.ts';
import { kinds } from './kinds.ts';

const mostReferences = 2 ** 16;
const mostResults = 2 ** 16;
/** Characters of all names. */
const mostNames = 2 ** 22;
/** Values in all arguments and states that are remembered. */
const mostRemembered = 2 ** 19;

/** A class or function that was named, where first, and what was decided about it. */
export interface Named {
  readonly reference: Reference;
  readonly judgement: Judgement;
  readonly steps: readonly Step[];
  /** Where it was put in the memo first. */
  memo: number | undefined;
}

/** What a call gave. */
interface Result {
  readonly shape: Shape;
  /** How it came about, where that is part of a finding. */
  readonly steps: readonly Step[];
  /** What made it, with which arguments: for what the machine has to know more about than a judge. */
  readonly made?: Made;
}

export interface Made {
  /** The name of its class. */
  readonly of: string;
  readonly args: readonly Shape[];
  readonly state?: Shape;
}

/** A value of the stack. */
export interface Value {
  readonly kind: number;
  readonly value: number;
}

/** What happened, for whoever reports it. */
export interface Event {
  readonly at: number;
  readonly judgement: Exclude<Judgement, { verdict: 'pass' }>;
  readonly called: boolean;
  readonly steps: readonly Step[];
}

/** Who is told. */
export interface Listener {
  judged(event: Event): void;
  odd(message: string, at: number): void;
  /** Bytes are loaded as a file of their own. */
  opens?(opened: Opened): void;
}

/** Classes whose arguments and state say how many bytes follow: they are remembered. */
const remembered: ReadonlySet<string> = new Set(['numpy.dtype', 'joblib.numpy_pickle.NumpyArrayWrapper']);

/** What a pickle names and calls, decided by a judge. */
export class Calls {
  readonly references: Named[];
  readonly results: Result[];
  readonly #judge: Judge;
  readonly #listener: Listener;
  readonly #numberOf = new Map<string, number>();
  readonly #resultOf = new Map<string, number>();
  readonly #madeOf = new WeakMap<Shape, Made>();
  #nameLength = 0;
  #remembered = 0;

  constructor(judge: Judge, listener: Listener, others?: Calls) {
    this.#judge = judge;
    this.#listener = listener;
    this.references = others?.references ?? [];
    this.results = others?.results ?? [];
  }

  /** The same names and results, for somebody else who goes on from here: `seen` is told of all that he does. */
  overheard(listener: Listener, seen: () => void): Calls {
    const usual = this.#judge;
    const judge: Judge = {
      digest: usual.digest,
      reference: (reference) => {
        seen();
        return usual.reference(reference);
      },
      call: (...call) => {
        seen();
        return usual.call(...call);
      },
    };
    return new Calls(judge, listener, this);
  }

  /** The shape of a reference or a result. */
  shapeOf(kind: number, value: number): Shape {
    if (kind === kinds.reference) {
      const reference = this.references[value]?.reference;
      if (reference !== undefined) return { kind: 'reference', reference };
    }
    if (kind === kinds.result) return this.results[value]?.shape ?? { kind: 'opaque' };
    return { kind: 'opaque' };
  }

  /** What a global is, by its number; naming it is judged once. */
  name(written: Reference, protocol: number, at: number, operation: string): number {
    const reference = protocol < 3 ? modern(written) : written;
    const key = `${reference.module}\0${reference.name}`;
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    this.#nameLength += key.length;
    if (this.references.length >= mostReferences || this.#nameLength > mostNames)
      throw new BeyondLimit('it names too many things', at);
    const judgement = this.#judge.reference(reference);
    const renamed = reference === written ? '' : ` (${named(reference)} in Python 3)`;
    const steps = [{ at, operation, text: `${written.module} ${written.name}${renamed}` }];
    if (judgement.verdict !== 'pass') this.#listener.judged({ at, judgement, called: false, steps });
    const number = this.references.push({ reference, judgement, steps, memo: undefined }) - 1;
    this.#numberOf.set(key, number);
    return number;
  }

  /** What was named becomes a part of something: it may be called later. */
  kept(number: number, at: number): void {
    const found = this.references[number];
    if (found?.judgement.verdict !== 'pass' || found.judgement.kept === undefined) return;
    this.#listener.judged({ at, judgement: found.judgement.kept, called: false, steps: found.steps });
  }

  /** A value that was computed, or that nothing is known about. */
  keep(result: Result): Value {
    const { shape } = result;
    if (shape.kind === 'reference') {
      return { kind: kinds.reference, value: this.name(shape.reference, 4, result.steps[0]?.at ?? 0, 'REDUCE') };
    }
    const shared = result.steps.length === 0 && result.made === undefined ? sameAs(shape) : undefined;
    const known = shared === undefined ? undefined : this.#resultOf.get(shared);
    if (known !== undefined) return { kind: kinds.result, value: known };
    if (this.results.length >= mostResults) return { kind: kinds.opaque, value: 0 };
    const value = this.results.push(result) - 1;
    if (shared !== undefined) this.#resultOf.set(shared, value);
    return { kind: kinds.result, value };
  }

  /** Judges a call; what it gives. */
  call(call: {
    readonly callee: Value;
    readonly shape: Shape;
    readonly kind: CallKind;
    readonly args: readonly Shape[];
    readonly named?: ReadonlyMap<string, Shape>;
    readonly at: number;
    readonly operation: string;
  }): Value {
    const { callee, shape, kind, args, at, operation } = call;
    const judgement = this.#judge.call(shape, kind, args, ...(call.named === undefined ? [] : [call.named]));
    if (judgement.verdict === 'pass') {
      for (const opened of judgement.opens ?? []) this.#listener.opens?.(opened);
      return this.#remember(judgement.returns, shape, args, { at, steps: [] });
    }
    const text = describedCall(shape, args, call.named);
    const steps = [...this.stepsOf(callee), { at, operation, text: kind === 'build' ? `state of ${text}` : text }];
    this.#listener.judged({ at, judgement, called: true, steps });
    return this.#remember({ kind: 'opaque' }, shape, args, { at, steps: steps.slice(-16) });
  }

  #remember(
    returns: Shape,
    callee: Shape,
    args: readonly Shape[],
    { at, steps }: { readonly at: number; readonly steps: readonly Step[] },
  ): Value {
    const of = returns === callee ? undefined : classOf(returns, callee);
    if (of === undefined || !remembered.has(of)) return this.keep({ shape: returns, steps });
    const made: Made = { of, args };
    this.#weigh(args, at);
    // A shape of its own, so that it can be told from others.
    const shape = { ...returns };
    this.#madeOf.set(shape, made);
    return this.keep({ shape, steps, made });
  }

  /** What BUILD was given for what a call made. */
  setState(made: { state?: Shape }, state: Shape, at: number): void {
    this.#weigh([state], at);
    made.state = state;
  }

  /** Arguments are read anew for each call, also where they are one and the same object: so what is kept is counted. */
  #weigh(shapes: readonly Shape[], at: number): void {
    const waiting = [...shapes];
    for (let shape = waiting.pop(); shape !== undefined; shape = waiting.pop()) {
      this.#remembered += shape.kind === 'str' ? 1 + shape.value.length / 64 : 1;
      if ('items' in shape) for (const item of shape.items) waiting.push(item);
      if (shape.kind === 'dict') for (const entry of shape.entries) waiting.push(...entry);
    }
    if (this.#remembered > mostRemembered) throw new BeyondLimit('it makes too many types and arrays', at);
  }

  /** How what has this very shape was made. */
  madeOf(shape: Shape): Made | undefined {
    return this.#madeOf.get(shape);
  }

  /** How a value came about. */
  stepsOf({ kind, value }: Value): readonly Step[] {
    if (kind === kinds.result) return this.results[value]?.steps ?? [];
    const found = kind === kinds.reference ? this.references[value] : undefined;
    if (found === undefined) return [];
    const [first] = found.steps;
    if (first === undefined || found.memo === undefined) return found.steps;
    return [...found.steps, { at: first.at, operation: 'memo', text: `memo ${found.memo}` }];
  }
}

/** What two values share of which nothing else is known; undefined for one that holds something of its own. */
function sameAs(shape: Shape): string | undefined {
  if (shape.kind === 'persistent') return `persistent ${shape.of} ${shape.elements ?? ''}`;
  return shape.kind === 'instance' && shape.holds === undefined ? `instance ${shape.of}` : undefined;
}

/** The class of what comes out, whichever way it was made; of what was not allowed, what was called. */
function classOf(returns: Shape, callee: Shape): string | undefined {
  if (returns.kind === 'instance') return returns.of;
  return returns.kind === 'opaque' && callee.kind === 'reference' ? named(callee.reference) : undefined;
}
