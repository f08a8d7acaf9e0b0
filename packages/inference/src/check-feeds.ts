import type { Dimension } from '@holdfast/onnx';
import { InferenceError, shown } from './errors.ts';
import type { Port } from './port.ts';
import { arrayOf, isFed, type TensorData } from './tensor-data.ts';

/**
 * Checks that what is fed is what the inputs take, before the runtime sees it: every name, type, shape and length.
 * @throws InferenceError HF_INFERENCE_FEEDS
 */
export function checkFeeds(inputs: readonly Port[], feeds: Readonly<Record<string, TensorData>>): void {
  const known = new Map(inputs.map((port) => [port.name, port]));
  for (const name of Object.keys(feeds)) {
    if (!known.has(name)) refuse(`the model has no input ${shown(name)}, it has ${listed(inputs)}`, name);
  }
  for (const port of inputs) {
    const fed = Object.hasOwn(feeds, port.name) ? feeds[port.name] : undefined;
    if (fed === undefined) refuse(`nothing is fed to ${shown(port.name)}, expected ${described(port)}`, port.name);
    checkFeed(port, fed);
  }
}

function checkFeed(port: Port, { type, dims, data }: TensorData): void {
  const { name } = port;
  if (type !== port.type) refuse(`${shown(name)} is ${type}, expected ${described(port)}`, name);
  const odd = dims.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (odd !== undefined) refuse(`${shown(name)} has the dimension \`${odd}\`, expected ${described(port)}`, name);
  if (!fits(dims, port.dims)) refuse(`${shown(name)} is [${dims.join(', ')}], expected ${described(port)}`, name);
  const Elements = isFed(type) ? arrayOf[type] : undefined;
  if (Elements === undefined || !(data instanceof Elements)) {
    refuse(`${shown(name)} is in a ${data.constructor.name}, expected ${Elements?.name ?? type} for ${type}`, name);
  }
  const count = dims.reduce((product, size) => product * size, 1);
  if (data.length !== count) {
    refuse(`${shown(name)} has ${data.length} elements, its dimensions [${dims.join(', ')}] say ${count}`, name);
  }
}

function fits(dims: readonly number[], expected: readonly Dimension[]): boolean {
  if (dims.length !== expected.length) return false;
  return expected.every((size, axis) => typeof size !== 'number' || size === dims[axis]);
}

/** `FLOAT [n, 3]` */
function described({ type, dims }: Port): string {
  return `${type} [${dims.map((size) => (size === null ? '?' : String(size))).join(', ')}]`;
}

function listed(ports: readonly Port[]): string {
  return ports.length === 0 ? 'none' : ports.map(({ name }) => shown(name)).join(', ');
}

/**
 * The outputs that are asked for: all of them where nothing is said.
 * @throws InferenceError HF_INFERENCE_FETCHES
 */
export function checkFetches(outputs: readonly Port[], fetches: readonly string[] | undefined): readonly string[] {
  const names = outputs.map(({ name }) => name);
  if (fetches === undefined) return names;
  const unknown = fetches.find((name) => !names.includes(name));
  if (unknown === undefined && fetches.length > 0) return fetches;
  const problem = unknown === undefined ? 'no output is asked for' : `the model has no output ${shown(unknown)}`;
  throw new InferenceError('HF_INFERENCE_FETCHES', `${problem}, it has ${listed(outputs)}`, {
    ...(unknown === undefined ? {} : { where: unknown }),
  });
}

function refuse(message: string, where: string): never {
  throw new InferenceError('HF_INFERENCE_FEEDS', message, { where });
}
