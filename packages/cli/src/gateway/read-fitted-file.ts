import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { GatewayError } from '@holdfast/gateway';
import type { FittedProtections } from '@holdfast/gateway/fitting/fitted-protections';
import { largestFitted, readFitted } from '@holdfast/gateway/fitting/read-fitted';

/**
 * Reads what was learnt, if it is what evidence says that it is.
 * @param sha256 as evidence has it
 * @throws GatewayError HF_GATEWAY_CONFIGURATION, HF_GATEWAY_NOT_ADMITTED
 */
export async function readFittedFile(path: string, sha256: string): Promise<FittedProtections> {
  const { size } = await stat(path);
  if (size > largestFitted) throw new GatewayError('HF_GATEWAY_CONFIGURATION', 'what was fitted is too large');
  const bytes = await readFile(path);
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return readFitted(bytes);
  throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'what was fitted changed while it was read');
}
