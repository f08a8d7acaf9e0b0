/* What a value has to be; a file that somebody hands in may hold anything. Each throws TypeError. */

export function fields(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse(name, 'no object');
}

export function list<Element>(
  value: unknown,
  name: string,
  read: (element: unknown, name: string) => Element,
): Element[] {
  return Array.isArray(value) ? value.map((element: unknown) => read(element, name)) : refuse(name, 'no list');
}

export function text(value: unknown, name: string): string {
  return typeof value === 'string' && value.length <= 10_000 ? value : refuse(name, 'no text');
}

export function flag(value: unknown, name: string): boolean {
  return typeof value === 'boolean' ? value : refuse(name, 'neither true nor false');
}

export function number(value: unknown, name: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(name, 'no number');
}

/** A whole number of at least 0. */
export function whole(value: unknown, name: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(name, 'no whole number');
}

/** A whole number from `least` to below `end`. */
export function below(value: unknown, name: string, end: number, least = 0): number {
  const isWithin = Number.isSafeInteger(value) && (value as number) >= least && (value as number) < end;
  return isWithin ? (value as number) : refuse(name, `no whole number from ${least} to ${end - 1}`);
}

function refuse(name: string, what: string): never {
  throw new TypeError(`\`${name}\` is ${what}`);
}
