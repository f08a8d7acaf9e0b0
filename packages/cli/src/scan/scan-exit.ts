import type { Severity } from '@holdfast/evidence/check';
import type { ScanReport } from '@holdfast/scan';
import type { Exit } from '../command.ts';
import { CliError } from '../errors.ts';

const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/**
 * 1 where anything fails, 3 where anything is unknown, else 0.
 *
 * @param threshold findings of this severity or above count as failures, too
 */
export function scanExit({ verdict, paths }: ScanReport, threshold: Severity | undefined): Exit {
  const least = threshold === undefined ? severities.length : severities.indexOf(threshold);
  const files = paths.flatMap((path) => path.files);
  const reaches = files.some(({ findings }) => findings.some(({ severity }) => severities.indexOf(severity) >= least));
  if (verdict === 'fail' || reaches) return 1;
  return verdict === 'unknown' ? 3 : 0;
}

/** @throws CliError HF_CLI_USAGE */
export function severityOf(text: string | undefined): Severity | undefined {
  const severity = severities.find((known) => known === text);
  if (text === undefined || severity !== undefined) return severity;
  throw new CliError('HF_CLI_USAGE', `\`${text}\` is no severity`, { fix: `one of ${severities.join(', ')}` });
}
