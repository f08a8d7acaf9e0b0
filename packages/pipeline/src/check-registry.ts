import type { CheckDescription } from '@holdfast/evidence';
import { PipelineError } from './errors.ts';
import { modelFormat } from './checks/model-format.ts';

/** Every check that this version knows; descriptions only, so that nothing heavy is loaded. */
export const checkRegistry: readonly CheckDescription[] = [modelFormat];

/** @throws PipelineError HF_CHECK_UNKNOWN */
export function checkNamed(name: string): CheckDescription {
  const found = checkRegistry.find((check) => check.name === name);
  if (found !== undefined) return found;
  const known = checkRegistry.map((check) => `\`${check.name}\``).join(', ');
  throw new PipelineError('HF_CHECK_UNKNOWN', `there is no check \`${name}\`; there is ${known}`);
}
