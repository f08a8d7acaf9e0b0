/** Where a value is not a plain tree, and why. */
export interface TreeProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const deepest = 24;
const mostValues = 100_000;

/**
 * What keeps `value` from being a plain bounded tree of JSON values, or nothing. YAML can say more than JSON:
 * cycles and repeated branches by alias, numbers that are not finite, dates, keys named `__proto__` (which zod passes
 * over in silence). A branch that is reached twice counts twice, so that aliases cannot hide an explosion.
 */
export function treeProblem(value: unknown): TreeProblem | undefined {
  let left = mostValues;
  const visit = (node: unknown, path: readonly (string | number)[]): TreeProblem | undefined => {
    if (--left < 0) return { path: [], message: `holds more than ${mostValues} values` };
    if (path.length > deepest) return { path, message: `is nested deeper than ${deepest} levels` };
    if (typeof node !== 'object' || node === null) {
      return isScalar(node)
        ? undefined
        : { path, message: 'is not text, a finite number, true, false or a list or mapping of these' };
    }
    if (!isPlain(node)) return { path, message: 'is not a plain list or mapping' };
    return firstOf(node, (child, key) => visit(child, [...path, key]), path);
  };
  return visit(value, []);
}

function isScalar(node: unknown): boolean {
  if (typeof node === 'number') return Number.isFinite(node);
  return node === null || node === undefined || typeof node === 'string' || typeof node === 'boolean';
}

function isPlain(node: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(node);
  return Array.isArray(node) || prototype === Object.prototype || prototype === null;
}

function firstOf(
  node: object,
  visit: (child: unknown, key: string | number) => TreeProblem | undefined,
  path: readonly (string | number)[],
): TreeProblem | undefined {
  if (Object.hasOwn(node, '__proto__')) return { path: [...path, '__proto__'], message: '`__proto__` is not a key' };
  for (const [key, child] of Object.entries(node)) {
    const problem = visit(child, Array.isArray(node) ? Number(key) : key);
    if (problem) return problem;
  }
  return undefined;
}
