import type { ArtifactReader, Check, Report } from '@holdfast/evidence/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { coverageOf } from '../artifact-table.ts';
import { withBoundTable } from '../database/bound-table.ts';
import { readOptions } from '../read-options.ts';
import { figures } from './figures.ts';
import { findings } from './findings.ts';
import { type ProfileOptions, profileSchema } from './options.ts';
import { type Profile, profileOf } from './profile-of.ts';
import { profileRules } from './rules.ts';

/** The check behind `profileCheck`. The profile itself is signed beside the report. */
export const profileCheckRun: Check = {
  async run(artifact, given, context) {
    const asked = readOptions(profileSchema, given) as ProfileOptions;
    const options = { ...asked, values: asked.values !== false && isShown(artifact) };
    const bound = { signal: context.signal, rule: profileRules.rows, labels: context.inputs['labels'] };
    return withBoundTable(artifact, options, bound, async (tables, walked): Promise<Report> => {
      const progress = (done: number): void => {
        context.progress(done);
      };
      const profile = await profileOf(tables, options, {
        ...{ signal: context.signal, progress },
        ...(walked === undefined ? {} : { walked }),
      });
      return {
        verdict: 'pass',
        origin: 'measured',
        metrics: metricsOf(profile),
        findings: findings(profile, tables),
        coverage: coverageOf(tables),
        figures: figures(profile),
        statements: [{ predicateType: predicateTypes.datasetProfile, predicate: { ...profile } }],
      };
    });
  },
};

/** Values of rows are shown of what is public or internal; of what nothing is declared, as of what is internal. */
export const isShown = ({ classification }: Pick<ArtifactReader, 'classification'>): boolean =>
  classification !== 'confidential' && classification !== 'restricted';

function metricsOf({ rows, columns, missing, duplicates }: Profile): Record<string, number> {
  const cells = rows * columns.length;
  return {
    ...{ rows, columns: columns.length, missing },
    missing_share: cells === 0 ? 0 : missing / cells,
    ...(duplicates === undefined ? {} : { duplicate_rows: duplicates }),
    constant_columns: columns.filter(({ present, distinct }) => present > 0 && distinct?.count === 1).length,
    empty_columns: columns.filter(({ present }) => present === 0).length,
  };
}
