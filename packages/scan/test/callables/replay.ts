import type { CallKind, Judge, Judgement, Shape } from '../../src/callables/judge.ts';

/** A value as `trace-pickles.py` writes it. */
export type Traced = readonly [kind: string, ...rest: unknown[]];

/** What CPython's unpickler did, as `trace-pickles.py` writes it. */
export interface TracedStep {
  readonly do: 'name' | CallKind;
  readonly module?: string;
  readonly name?: string;
  readonly callee?: Traced;
  readonly args?: readonly Traced[];
  readonly made?: number;
}

/** Lets a judge see a whole pickle; what it does not let pass, one line each. */
export function replay(judge: Judge, steps: readonly TracedStep[]): string[] {
  const made = new Map<number, Shape>();
  const problems: string[] = [];
  for (const step of steps) {
    const callee = step.callee === undefined ? undefined : shapeOf(step.callee, made);
    const judgement =
      callee === undefined
        ? judge.reference({ module: step.module!, name: step.name! })
        : judge.call(
            callee,
            step.do as CallKind,
            (step.args ?? []).map((one) => shapeOf(one, made)),
          );
    if (judgement.verdict !== 'pass') problems.push(`${describe(judgement)} <- ${JSON.stringify(step)}`);
    if (step.made !== undefined) {
      made.set(step.made, judgement.verdict === 'pass' ? judgement.returns : { kind: 'opaque' });
    }
  }
  return problems;
}

function describe(judgement: Judgement): string {
  if (judgement.verdict === 'pass') return 'pass';
  const { module, name } = judgement.reaches;
  const why = judgement.verdict === 'fail' ? judgement.effect : judgement.because;
  return `${judgement.verdict} ${module}.${name}: ${why}`;
}

/** The shape that a pickle machine would hand to the judge for a traced value. */
export function shapeOf(traced: Traced, made: ReadonlyMap<number, Shape> = new Map()): Shape {
  const [kind, value, more] = traced;
  switch (kind) {
    case 'none':
    case 'opaque':
      return { kind };
    case 'bool':
      return { kind, value: value as boolean };
    case 'int':
      return { kind, value: BigInt(value as string) };
    case 'float':
      return { kind, value: Number(value) };
    case 'str':
      return { kind, value: value as string, length: Array.from(value as string).length };
    case 'bytes': {
      const bytes = Buffer.from(value as string, 'hex');
      return { kind, length: bytes.length, read: () => bytes };
    }
    case 'ref':
      return { kind: 'reference', reference: { module: value as string, name: more as string } };
    case 'made':
      return made.get(value as number) ?? { kind: 'opaque' };
    case 'persistent':
      return { kind, of: value as string };
    default:
      return container(kind, value as readonly unknown[], (more ?? []) as readonly string[], made);
  }
}

const plainKinds: Readonly<Record<string, Shape['kind']>> = { ref: 'reference', made: 'instance' };

function container(
  kind: string,
  parts: readonly unknown[],
  rest: readonly string[],
  made: ReadonlyMap<number, Shape>,
): Shape {
  const more = rest.length > 0;
  const kinds = new Set<Shape['kind']>(rest.map((one) => plainKinds[one] ?? (one as Shape['kind'])));
  const add = (shape: Shape): Shape => {
    kinds.add(shape.kind);
    if ('kinds' in shape) for (const one of shape.kinds) kinds.add(one);
    return shape;
  };
  if (kind === 'dict') {
    const pairs = (parts as readonly Traced[]).map(([, pair]) => pair as readonly Traced[]);
    const entries = pairs.map(([key, value]) => [add(shapeOf(key!, made)), add(shapeOf(value!, made))] as const);
    return { kind, entries, more, kinds };
  }
  const items = (parts as readonly Traced[]).map((part) => add(shapeOf(part, made)));
  return { kind: kind as 'tuple' | 'list' | 'set' | 'frozenset', items, more, kinds };
}
