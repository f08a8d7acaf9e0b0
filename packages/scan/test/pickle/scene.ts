import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { allowNothing } from '@holdfast/scan/allow-list';
import { type ByteSource, MemorySource } from '@holdfast/scan/bytes/source';
import type { CallKind, Judge, Reference, Shape } from '@holdfast/scan/callables/judge';
import { Inspection } from '@holdfast/scan/inspection';
import { defaultLimits, type Limits } from '@holdfast/scan/limits';
import { recognise } from '@holdfast/scan/recognise';

/** A part to inspect, made of bytes. */
export function partOf(bytes: Uint8Array | ByteSource, limits: Partial<Limits> = {}, name = 'model.pkl'): Inspection {
  const source = bytes instanceof Uint8Array ? new MemorySource(bytes) : bytes;
  const scan = {
    ...{ limits: { ...defaultLimits, ...limits }, allow: allowNothing, folder: undefined, recognise },
    progress: () => undefined,
  };
  return new Inspection(scan, source, name);
}

/** A file of these bytes, recognised and scanned. */
export async function scanned(bytes: Uint8Array, name = 'model.pkl', limits: Partial<Limits> = {}): Promise<Inspection> {
  const part = partOf(bytes, limits, name);
  await part.attempt(recognise);
  return part;
}

/** Rules of all findings, at all depths. */
export function rulesOf(part: Inspection): string[] {
  return [...part.findings.map(({ rule }) => rule), ...part.inside.flatMap(rulesOf)];
}

/** The bytes of latin-1 text, so that opcodes can be written as they are in `pickletools`. */
export function bytesOf(...parts: (string | number[] | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
}

/** Something that happened while a pickle was loaded. */
export type Act = readonly [what: string, name: string];

/** A judge that allows everything and notes it, as the inert classes of `differential.py` do. */
export function recordingJudge(acts: Act[]): Judge {
  const seen = new Set<string>();
  const nameOf = (shape: Shape): string =>
    shape.kind === 'reference' ? shape.reference.name : 'of' in shape ? shape.of : shape.kind;
  const times: Partial<Record<CallKind, (count: number) => [string, number]>> = {
    extend: (count) => ['item', count],
    additems: (count) => ['item', count],
    setitems: (count) => ['pair', count / 2],
  };
  return {
    digest: '',
    reference: ({ module, name }: Reference) => {
      if (!seen.has(`${module} ${name}`)) acts.push(['find', `${module} ${name}`]);
      seen.add(`${module} ${name}`);
      return { verdict: 'pass', returns: { kind: 'reference', reference: { module, name } } };
    },
    call: (callee, kind, positional) => {
      const [what, count] = times[kind]?.(positional.length) ?? [kind === 'build' ? 'build' : 'call', 1];
      for (let time = 0; time < count; time += 1) acts.push([what, nameOf(callee)]);
      return { verdict: 'pass', returns: { kind: 'instance', of: nameOf(callee) } };
    },
  };
}

/** CPython with the packages of an environment of peers; the plain one without. */
export function python(environment?: string): string {
  if (environment === undefined) return '/usr/bin/python3';
  const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');
  return join(peers, environment, 'bin', 'python');
}

/** Skips where a Python is missing, or fails where everything must be there. */
export function needsPython(context: { skip(note: string): unknown }, environment?: string): void {
  const need = `needs ${environment === undefined ? 'python3' : `the Python environment ${environment}`}`;
  if (existsSync(python(environment))) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  context.skip(need);
}

/** Runs a script; what it prints. */
export function run(script: string, input: string | Uint8Array = '', environment?: string): Buffer {
  const done = spawnSync(python(environment), ['-c', script], { input, maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(done.stderr.toString());
  return done.stdout;
}

/** A generator of numbers below a bound, the same each time (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
