import type { LineagePart, LineageRun } from './lineage.ts';

/** Which node leads to which: artifact → run → artifact, and between a folder and a file of it. */
export interface Links {
  readonly next: (node: string) => readonly string[];
  readonly previous: (node: string) => readonly string[];
}

export function linksOf(
  runs: readonly Pick<LineageRun, 'id' | 'inputs' | 'outputs'>[],
  parts: readonly LineagePart[],
): Links {
  const next = new Map<string, string[]>();
  const previous = new Map<string, string[]>();
  const link = (from: string, to: string): void => {
    add(next, from, to);
    add(previous, to, from);
  };
  for (const { id, inputs, outputs } of runs) {
    for (const input of inputs) link(input, id);
    for (const output of outputs) link(id, output);
  }
  for (const { from, to } of parts) link(from, to);
  return { next: (node) => next.get(node) ?? [], previous: (node) => previous.get(node) ?? [] };
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** Everything that can be reached from some nodes, these included; circles are walked once. */
export function reachable(starts: Iterable<string>, next: (node: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set(starts);
  // a set that grows while it is walked hands out what is added
  for (const node of seen) for (const other of next(node)) seen.add(other);
  return seen;
}
