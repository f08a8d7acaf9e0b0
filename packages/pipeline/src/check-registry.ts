import type { HoldfastConfig } from '@holdfast/contracts';
import { dataChecks } from '@holdfast/data/check';
import type { CheckDescription } from '@holdfast/evidence/check';
import { scanCheck } from '@holdfast/scan/check';
import { robustnessCheck } from '@holdfast/trials/check';
import { PipelineError } from './errors.ts';
import { sourceCheck } from './sources/source-check.ts';

/** Every check that this version knows; descriptions only, so that nothing heavy is loaded. */
export const checkRegistry: readonly CheckDescription[] = [scanCheck, sourceCheck, ...dataChecks, robustnessCheck];

/** @throws PipelineError HF_CHECK_UNKNOWN */
export function checkNamed(name: string): CheckDescription {
  const found = checkRegistry.find((check) => check.name === name);
  if (found !== undefined) return found;
  const known = checkRegistry.map((check) => `\`${check.name}\``).join(', ');
  throw new PipelineError('HF_CHECK_UNKNOWN', `there is no check \`${name}\`; there is ${known}`);
}

/**
 * Refuses what `holdfast.yaml` asks of checks that nobody could do, before anything runs.
 *
 * @throws PipelineError HF_CHECK_UNKNOWN, HF_CHECK_OPTIONS
 */
export function requireChecks(checks: HoldfastConfig['checks']): void {
  for (const { name, options } of Object.values(checks).flat()) {
    const { properties = {}, additionalProperties } = checkNamed(name).options as OptionsSchema;
    const unknown = Object.keys(options).find((option) => !Object.hasOwn(properties, option));
    if (unknown === undefined || additionalProperties !== false) continue;
    const known = Object.keys(properties)
      .map((option) => `\`${option}\``)
      .join(', ');
    throw new PipelineError(
      'HF_CHECK_OPTIONS',
      `\`${name}\` takes no option \`${unknown}\`; it takes ${known || 'none'}`,
    );
  }
}

/** The part of a JSON Schema that says which options there are; the values are for the check to judge. */
interface OptionsSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
}
