import { OnnxError, shown } from './errors.ts';
import type { ExternalData } from './tensor.ts';

const knownKeys: readonly string[] = ['location', 'offset', 'length', 'checksum'];

/**
 * The description of external data from its key-value pairs (onnx.proto, TensorProto.external_data).
 * @throws OnnxError HF_ONNX_EXTERNAL_PATH
 */
export function externalDataOf(pairs: ReadonlyMap<string, string>, where: string): ExternalData {
  for (const key of pairs.keys()) if (!knownKeys.includes(key)) refuse(`the key ${shown(key)} is not known`, where);
  const location = pairs.get('location') ?? refuse('no location is given', where);
  const checksum = pairs.get('checksum');
  if (checksum !== undefined && !/^[0-9a-fA-F]{40}$/.test(checksum))
    refuse('the checksum is not a SHA-1 digest', where);
  const offset = integer(pairs, 'offset', where);
  const length = integer(pairs, 'length', where);
  return {
    location,
    ...(offset === undefined ? {} : { offset }),
    ...(length === undefined ? {} : { length }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/**
 * Refuses a location that is not plainly inside the folder of the model. Whether it is a link is for whoever opens it.
 * CVE-2022-25882, CVE-2024-27318 and CVE-2024-5187 are locations that a looser test let through.
 */
export function checkLocation(location: string, where: string): void {
  const problem = locationProblem(location);
  if (problem !== undefined) refuse(`the location ${shown(location)} ${problem}`, where);
}

function locationProblem(location: string): string | undefined {
  if (location === '' || location.length > 1024) return 'is empty or longer than 1024 characters';
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\\]/u.test(location)) return 'holds a backslash or control characters';
  if (location.startsWith('/') || /^[a-z]:/i.test(location)) return 'is absolute';
  const parts = location.split('/');
  if (parts.includes('..')) return 'leaves the folder of the model';
  return parts.some((part) => part === '' || part === '.') ? 'holds empty parts' : undefined;
}

function integer(pairs: ReadonlyMap<string, string>, key: 'offset' | 'length', where: string): number | undefined {
  const text = pairs.get(key);
  if (text === undefined) return undefined;
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : refuse(`the ${key} ${shown(text)} is not a whole number`, where);
}

function refuse(message: string, where: string): never {
  throw new OnnxError('HF_ONNX_EXTERNAL_PATH', message, { where });
}
