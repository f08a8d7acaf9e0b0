import { createHash } from 'node:crypto';
import { canonicalJson } from '@holdfast/evidence/canonical-json';
import type { AllowList } from '../allow-list.ts';
import { canonical, fullName } from './aliases.ts';
import { allowlist } from './allowlist/index.ts';
import { effectOf } from './effect-of.ts';
import type { CallForm, Entry } from './entry.ts';
import { stdlibVersion } from './generated/stdlib-aliases.ts';
import { callKept, indirect, isIndirection } from './indirect.ts';
import type { CallKind, Judge, Judgement, Reference, Shape } from './judge.ts';
import { entryOf, entryOfInstance, listedNames, referenceTo } from './listed-names.ts';
import { matches } from './matches.ts';
import { takesMemory } from './memory.ts';
import { openedBy } from './opened.ts';
import { holds } from './relation.ts';
import { returned } from './returned.ts';

/**
 * The judge of what a file names and calls: Holdfast's own allowlist, and what the user allows beside it.
 *
 * What is on neither is `fail` where it is known to reach further than data, else `unknown`.
 *
 * @example
 * ```ts
 * import { judgeFor } from '@holdfast/scan/callables/judge-for';
 * const judge = judgeFor({ callables: new Set(), digests: new Set() });
 * judge.reference({ module: 'random', name: '_os.system' }).verdict; // fail: it is os.system
 * ```
 */
export function judgeFor(allow: AllowList): Judge {
  return new ListedJudge(allow);
}

class ListedJudge implements Judge {
  readonly #allow: AllowList;
  readonly #named = new Map<string, Judgement>();
  #digest: string | undefined;

  constructor(allow: AllowList) {
    this.#allow = allow;
  }

  get digest(): string {
    this.#digest ??= createHash('sha256').update(canonicalJson(this.#everything())).digest('hex');
    return this.#digest;
  }

  reference(reference: Reference): Judgement {
    const key = `${reference.module}\0${reference.name}`;
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const judgement = this.#judgeName(reference);
    // A hostile file can have millions of names.
    if (this.#named.size < 10_000) this.#named.set(key, judgement);
    return judgement;
  }

  call(callee: Shape, kind: CallKind, positional: readonly Shape[], named?: ReadonlyMap<string, Shape>): Judgement {
    if (callee.kind === 'reference') return this.#callName(callee.reference, kind, positional, named ?? new Map());
    if (callee.kind === 'instance') return this.#useInstance(callee, kind, positional);
    const because =
      callee.kind === 'opaque' ? 'nothing is known about what it is' : `it is a value, \`${callee.kind}\``;
    return { verdict: 'unknown', reaches: { module: 'builtins', name: 'object' }, because };
  }

  #judgeName(reference: Reference): Judgement {
    const real = canonical(reference);
    if (this.#isAllowed(reference) || this.#isAllowed(real)) return named(reference);
    const entry = entryOf(reference);
    if (entry !== undefined) return named(referenceTo(entry.names[0] ?? ''));
    if (isIndirection(fullName(real))) return { ...named(real), kept: outOfList(real) };
    return outOfList(real, named(real).returns);
  }

  #callName(
    reference: Reference,
    kind: CallKind,
    positional: readonly Shape[],
    words: ReadonlyMap<string, Shape>,
  ): Judgement {
    const real = canonical(reference);
    if (!isOfCall(kind)) {
      const does = 'changes a class for the whole process';
      return { verdict: 'fail', effect: 'state', reaches: real, does };
    }
    for (const one of [reference, real]) if (this.#isAllowed(one)) return instance(fullName(one));
    const through = words.size === 0 ? indirect(this, fullName(real), kind, positional) : undefined;
    if (through !== undefined) return through;
    const entry = entryOf(reference);
    const form = entry && formsOf(entry, kind, positional).find((one) => fits(one, positional, words));
    if (entry !== undefined && form !== undefined)
      return { verdict: 'pass', returns: returned(entry, positional, kind) };
    if (takesMemory(fullName(real), [...positional, ...words.values()])) {
      return { verdict: 'fail', effect: 'memory', reaches: real, does: 'takes memory without measure' };
    }
    if (entry === undefined) return outOfList(real);
    const because = 'it is called with other arguments than those that are known to be harmless';
    const reach = effectOf(real);
    return reach === undefined ? { verdict: 'unknown', reaches: real, because } : { verdict: 'fail', ...reach };
  }

  /** State that is set on an instance, items that are added to it, or a call of it. */
  #useInstance(callee: Extract<Shape, { kind: 'instance' }>, kind: CallKind, positional: readonly Shape[]): Judgement {
    const reaches = referenceTo(callee.of);
    if (isOfCall(kind)) {
      const kept = callKept(this, callee, positional);
      return kept ?? { verdict: 'unknown', reaches, because: 'it calls an instance' };
    }
    const pass = { verdict: 'pass', returns: callee } as const;
    if (this.#allow.callables.has(callee.of)) return pass;
    const entry = entryOfInstance(callee.of);
    const [given] = positional;
    if (entry !== undefined && given !== undefined && mayReceive(entry, callee, kind, given)) {
      return entry.opens === undefined || kind !== 'build' ? pass : { ...pass, opens: openedBy(entry.opens, given) };
    }
    const what = kind === 'build' ? 'a state' : 'items';
    return { verdict: 'unknown', reaches, because: `it is given ${what} that are not known to be harmless` };
  }

  #isAllowed(reference: Reference): boolean {
    return this.#allow.callables.has(fullName(reference));
  }

  #everything(): unknown {
    const { callables, digests } = this.#allow;
    return { allowlist, stdlibVersion, callables: [...callables].sort(), digests: [...digests].sort() };
  }
}

function isOfCall(kind: CallKind): boolean {
  return kind === 'reduce' || kind === 'new' || kind === 'inst';
}

function named(reference: Reference): Extract<Judgement, { verdict: 'pass' }> {
  return { verdict: 'pass', returns: { kind: 'reference', reference } };
}

function instance(of: string): Judgement {
  return { verdict: 'pass', returns: { kind: 'instance', of } };
}

function outOfList(real: Reference, returns?: Shape): Exclude<Judgement, { verdict: 'pass' }> {
  const reach = effectOf(real);
  const more = returns === undefined ? {} : { returns };
  if (reach !== undefined) return { verdict: 'fail', ...reach, ...more };
  return {
    verdict: 'unknown',
    reaches: real,
    because: 'it is on no list: nothing is known about what it does',
    ...more,
  };
}

function formsOf(entry: Entry, kind: CallKind, positional: readonly Shape[]): readonly CallForm[] {
  if (kind === 'new') return entry.new ?? [];
  // INST and OBJ without arguments leave `__init__` out, where the class says nothing else.
  if (kind === 'inst' && positional.length === 0) return [...(entry.new ?? []), ...(entry.calls ?? [])];
  return entry.calls ?? [];
}

function fits(form: CallForm, positional: readonly Shape[], words: ReadonlyMap<string, Shape>): boolean {
  const { arguments: patterns, required = patterns.length, rest } = form;
  if (positional.length < required || (rest === undefined && positional.length > patterns.length)) return false;
  for (const [index, shape] of positional.entries()) {
    const pattern = patterns[index] ?? rest;
    if (pattern === undefined || !matches(shape, pattern, listedNames)) return false;
  }
  for (const [name, shape] of words) {
    const pattern = form.named?.[name];
    if (pattern === undefined || !matches(shape, pattern, listedNames)) return false;
  }
  return form.relation === undefined || holds(form.relation, positional);
}

function mayReceive(entry: Entry, callee: Shape, kind: CallKind, given: Shape): boolean {
  if (kind === 'build') {
    if (entry.state === undefined || !matches(given, entry.state, listedNames)) return false;
    return entry.stateRelation === undefined || holds(entry.stateRelation, 'items' in given ? given.items : [], callee);
  }
  if (kind === 'setitems') return entry.entries !== undefined && matches(given, { dict: entry.entries }, listedNames);
  return entry.items !== undefined && matches(given, { every: entry.items, of: 'list' }, listedNames);
}
