import fc from 'fast-check';
import { allowlist } from '../../src/callables/allowlist/index.ts';
import type { CallKind, Shape } from '../../src/callables/judge.ts';
import { judgeFor } from '../../src/callables/judge-for.ts';
import { runPython } from './python.ts';
import { shapeOf, type Traced } from './replay.ts';

const listed = new Set(allowlist.flatMap(({ names }) => names));

const scalars = fc.constantFrom<Traced[]>(
  ['none'],
  ['bool', true],
  ['int', '0'],
  ['int', '1000000000000'],
  ['float', '1.5'],
  ['str', 'id'],
  ['str', 'os'],
  ['str', '/etc/passwd'],
  ['str', 'f8'],
  ['bytes', '80049500'],
  ['ref', 'os', 'system'],
  ['ref', 'collections', 'OrderedDict'],
  ['ref', 'numpy', 'ndarray'],
  ['opaque'],
);
const values = fc.oneof(
  { weight: 4, arbitrary: scalars },
  fc.array(scalars, { maxLength: 3 }).map((items): Traced => ['tuple', items, []]),
  fc.array(scalars, { maxLength: 3 }).map((items): Traced => ['list', items, []]),
  fc
    .array(scalars, { maxLength: 2 })
    .map((items): Traced => ['dict', items.map((one) => ['tuple', [['str', 'k'], one], []]), []]),
);
const kinds: readonly CallKind[] = ['reduce', 'new', 'inst', 'build', 'extend', 'setitems', 'additems'];

export interface Drawn {
  /** Callables that were drawn. */
  readonly callables: number;
  /** Calls by their verdict. */
  readonly calls: Readonly<Record<'pass' | 'fail' | 'unknown', number>>;
  /** Calls that pass though their callable is on no list. */
  readonly passed: readonly string[];
  /** Calls of callables on the list that pass. */
  readonly listedPassed: readonly string[];
}

/** Judges random calls of callables that Python draws at random. */
export function drawCallables(seed: number, count: number, callsEach: number): Drawn {
  const judge = judgeFor({ callables: new Set(), digests: new Set() });
  const drawn = runPython('scan', 'random-callables.py', [String(seed), String(count)])
    .trim()
    .split('\n');
  const calls = { pass: 0, fail: 0, unknown: 0 };
  const passed: string[] = [];
  const listedPassed: string[] = [];
  const random = fc.sample(fc.tuple(fc.constantFrom(...kinds), fc.array(values, { maxLength: 4 })), {
    numRuns: drawn.length * callsEach,
    seed,
  });
  for (const [index, line] of drawn.entries()) {
    const [module, name] = JSON.parse(line) as [string, string];
    for (const [kind, args] of random.slice(index * callsEach, (index + 1) * callsEach)) {
      const callee: Shape = { kind: 'reference', reference: { module, name } };
      const { verdict } = judge.call(
        callee,
        kind,
        args.map((one) => shapeOf(one)),
      );
      calls[verdict] += 1;
      if (verdict !== 'pass') continue;
      const text = `${kind} ${module}.${name}(${JSON.stringify(args)})`;
      const named = judge.reference({ module, name });
      const full =
        named.verdict === 'pass' && named.returns.kind === 'reference' ? named.returns.reference : { module, name };
      (listed.has(`${full.module}.${full.name}`) ? listedPassed : passed).push(text);
    }
  }
  return { callables: drawn.length, calls, passed, listedPassed };
}
