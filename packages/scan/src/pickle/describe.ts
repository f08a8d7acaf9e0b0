import type { Reference, Shape } from '../callables/judge.ts';
import { shown } from '../finding.ts';

const mostText = 40;
const mostItems = 4;
const deepest = 2;

/** `os.system` */
export function named({ module, name }: Reference): string {
  return `${module}.${name}`;
}

/** A text from a file, quoted as Python does, short and without what a terminal would obey. */
function quoted(text: string): string {
  return `"${shown(text, mostText).slice(1, -1)}"`;
}

/** A value in a few words: `("id", 3, …)`. */
export function described(shape: Shape, depth = 0): string {
  switch (shape.kind) {
    case 'none':
      return 'None';
    case 'bool':
      return shape.value ? 'True' : 'False';
    case 'int':
      return shown(shape.value.toString().slice(0, mostText + 1), mostText).slice(1, -1);
    case 'float':
      return String(shape.value);
    case 'str':
      return quoted(shape.value);
    case 'bytes':
      return `${shape.length} bytes`;
    case 'reference':
      return shown(named(shape.reference), mostText).slice(1, -1);
    case 'instance':
    case 'persistent':
    case 'opaque':
      return `<${'of' in shape ? shape.of : 'unknown'}>`;
    case 'dict': {
      const pairs = shape.entries.map(([key, value]) => [key, value] as const);
      const texts = pairs.slice(0, mostItems).map(([key, value]) => `${inner(key, depth)}: ${inner(value, depth)}`);
      return `{${withRest(texts, shape.more || pairs.length > mostItems)}}`;
    }
    case 'tuple':
    case 'list':
    case 'set':
    case 'frozenset': {
      const texts = shape.items.slice(0, mostItems).map((item) => inner(item, depth));
      const list = withRest(texts, shape.more || shape.items.length > mostItems);
      return shape.kind === 'tuple' ? `(${list})` : shape.kind === 'list' ? `[${list}]` : `{${list}}`;
    }
  }
}

function inner(shape: Shape, depth: number): string {
  return depth < deepest ? described(shape, depth + 1) : '…';
}

function withRest(texts: readonly string[], more: boolean): string {
  return [...texts, ...(more ? ['…'] : [])].join(', ');
}

/** `os.system("id")` */
export function describedCall(callee: Shape, args: readonly Shape[], entries?: ReadonlyMap<string, Shape>): string {
  const texts = args.slice(0, mostItems).map((arg) => described(arg));
  for (const [name, value] of entries ?? []) if (texts.length < mostItems) texts.push(`${name}=${described(value)}`);
  const count = args.length + (entries?.size ?? 0);
  return `${described(callee)}(${withRest(texts, count > texts.length)})`;
}
