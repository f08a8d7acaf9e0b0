import type { Check, Report, Verdict } from '@holdfast/evidence/check';
import { DataError } from '../errors.ts';
import { readOptions } from '../read-options.ts';
import { piiFigures } from './figures.ts';
import { type Allowed, entityOf, isAllowed, isFailing, isPersonal, piiFindings } from './findings.ts';
import { entities } from './kinds/kinds.ts';
import { type Looked, lookThrough } from './look.ts';
import { piiMetrics } from './metrics.ts';
import { type PiiOptions, piiSchema } from './options.ts';
import { piiRules } from './rules.ts';

/** A report has so many findings, the gravest first. */
const mostFindings = 10_000;

const classes = ['pii', 'special', 'hipaa', 'pci', 'ccpa', 'financial', 'secret'];

/** The check behind `piiCheck`. */
export const piiCheckRun: Check = {
  async run(artifact, given, context) {
    const options = readOptions(piiSchema, given) as unknown as PiiOptions;
    const { allow, fail, ...looking } = options;
    requireKinds(fail, 'fail', [...classes, ...entities.keys()]);
    return lookThrough(artifact, looking, context, {
      rule: piiRules.rows,
      reportOf: (looked) => {
        requireKinds(allow, 'allow', [...entities.keys(), ...looked.names, ...looked.data.labels]);
        return reportOf(looked, { allow, fail });
      },
    });
  },
};

/** A word that names nothing would allow nothing, and nobody would notice. */
function requireKinds(given: readonly string[], option: string, known: readonly string[]): void {
  const odd = given.find((each) => !known.includes(each));
  if (odd === undefined) return;
  const kinds = option === 'allow' ? 'a kind of data nor a column' : 'a kind of data nor a class of them';
  throw new DataError('HF_DATA_OPTIONS', `\`${odd}\` in \`${option}\` is neither ${kinds}`, { where: option });
}

function reportOf({ data, coverage }: Looked, allowed: Allowed): Report {
  return {
    verdict: verdictOf(data.found, coverage, allowed),
    origin: 'measured',
    metrics: piiMetrics(data, allowed),
    findings: piiFindings(data, allowed).slice(0, mostFindings),
    coverage,
    figures: piiFigures(data),
  };
}

function verdictOf(
  found: Looked['data']['found'],
  { left, examined, total }: Looked['coverage'],
  allowed: Allowed,
): Verdict {
  if (found.some((each) => isFailing(each, allowed))) return 'fail';
  if (left.length > 0 || examined < total) return 'unknown';
  return found.some((each) => isPersonal(entityOf(each)) && !isAllowed(each, allowed)) ? 'warn' : 'pass';
}
