import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InferenceError, shown } from './errors.ts';
import { externalLocations } from './external-locations.ts';
import { ModelBytes } from './model-bytes.ts';

/**
 * Refuses a model whose external data the runtime must not open: outside the folder of the model, through a symbolic link, not
 * a plain file, or, where the model comes as bytes without a folder, at all: the runtime would look in the working directory.
 * @param folder where the external data of a model lies that is given as bytes
 * @throws InferenceError HF_INFERENCE_EXTERNAL, HF_INFERENCE_MODEL
 */
export function checkExternalData(model: Uint8Array | string, folder?: string): void {
  checkedLocations(model, folder);
}

/**
 * The files beside a model that the runtime reads with it, relative to the folder of the model: what somebody has to digest who
 * vouches for the model.
 * @param model the bytes of an ONNX file, or its path
 * @param folder where the external data of a model lies that is given as bytes
 * @throws InferenceError HF_INFERENCE_EXTERNAL, HF_INFERENCE_MODEL
 */
export function externalFiles(model: Uint8Array | string, folder?: string): string[] {
  return [...checkedLocations(model, folder)].sort();
}

function checkedLocations(model: Uint8Array | string, folder: string | undefined): ReadonlySet<string> {
  const bytes = typeof model === 'string' ? ModelBytes.ofFile(model) : ModelBytes.inMemory(model);
  const base = typeof model === 'string' ? dirname(model) : folder;
  const seen = new Set<string>();
  try {
    for (const location of externalLocations(bytes)) {
      if (seen.has(location)) continue;
      seen.add(location);
      const problem = locationProblem(location) ?? fileProblem(base, location);
      if (problem !== undefined) refuse(location, problem);
    }
    return seen;
  } finally {
    bytes.close();
  }
}

/** As `@holdfast/onnx` reads it: CVE-2022-25882, CVE-2024-27318 and CVE-2024-5187 are locations that a looser test let through. */
function locationProblem(location: string): string | undefined {
  if (location === '' || location.length > 1024) return 'is empty or longer than 1024 characters';
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\\\u{FFFD}]/u.test(location)) return 'holds a backslash or control characters';
  if (location.startsWith('/') || /^[a-z]:/i.test(location)) return 'is absolute';
  const parts = location.split('/');
  if (parts.includes('..')) return 'leaves the folder of the model';
  return parts.some((part) => part === '' || part === '.') ? 'holds empty parts' : undefined;
}

function fileProblem(folder: string | undefined, location: string): string | undefined {
  if (folder === undefined) return 'is beside a model that was given as bytes: give its path instead';
  const parts = location.split('/');
  for (const depth of parts.keys()) {
    const found = lstatSync(join(folder, ...parts.slice(0, depth + 1)), { throwIfNoEntry: false });
    if (found === undefined) return 'is not there';
    if (found.isSymbolicLink()) return 'is reached through a symbolic link';
    const isLast = depth === parts.length - 1;
    if (isLast ? !found.isFile() : !found.isDirectory()) return 'is not a plain file';
  }
  return undefined;
}

function refuse(location: string, problem: string): never {
  throw new InferenceError('HF_INFERENCE_EXTERNAL', `the external data ${shown(location)} ${problem}`, {
    where: location,
  });
}
