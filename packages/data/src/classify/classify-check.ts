import type { Check, Report, Verdict } from '@holdfast/evidence/check';
import { DataError } from '../errors.ts';
import { type Looked, lookThrough } from '../pii/look.ts';
import { readOptions } from '../read-options.ts';
import { type Classified, classify } from './classified.ts';
import { classifyFindings } from './findings.ts';
import { isHigher, type Level, levelNumber } from './levels.ts';
import { classifyMetrics } from './metrics.ts';
import { type ClassifyOptions, classifySchema, unknownKinds } from './options.ts';
import { classifyRules } from './rules.ts';

/** The check behind `classifyCheck`. */
export const classifyCheckRun: Check = {
  async run(artifact, given, context) {
    const { declared, licence, rules, ...looking } = readOptions(classifySchema, given) as unknown as ClassifyOptions;
    const [odd] = unknownKinds(rules);
    if (odd !== undefined) throw refused(`\`${odd}\` in \`rules\` is no kind of data`);
    const empty = rules.findIndex(({ columns, kinds }) => columns === undefined && kinds === undefined);
    if (empty !== -1) throw refused(`rule ${empty + 1} in \`rules\` names neither \`columns\` nor \`kinds\``);
    return lookThrough(artifact, looking, context, {
      rule: classifyRules.rows,
      reportOf: (looked) => {
        const missing = rules.flatMap(({ columns = [] }) => columns).find((name) => !looked.names.includes(name));
        if (missing !== undefined) throw refused(`there is no column \`${missing}\`, which \`rules\` names`);
        return reportOf(
          looked,
          classify(looked.data, { rules, ...(licence === undefined ? {} : { licence }) }),
          artifact.classification ?? declared,
        );
      },
    });
  },
};

const refused = (message: string): DataError => new DataError('HF_DATA_OPTIONS', message, { where: 'rules' });

function reportOf({ data, coverage }: Looked, classified: Classified, declared: Level | undefined): Report {
  return {
    verdict: verdictOf(classified, coverage, declared),
    origin: 'measured',
    metrics: classifyMetrics(classified, { rows: data.rows, declared }),
    findings: classifyFindings(classified, data, declared).slice(0, 10_000),
    coverage,
  };
}

function verdictOf(
  { level }: Classified,
  { left, examined, total }: Report['coverage'],
  declared: Level | undefined,
): Verdict {
  if (declared !== undefined && isHigher(level, declared)) return 'fail';
  if (left.length > 0 || examined < total) return 'unknown';
  return declared === undefined && levelNumber(level) >= levelNumber('confidential') ? 'warn' : 'pass';
}
