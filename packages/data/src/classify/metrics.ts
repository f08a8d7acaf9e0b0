import { entityOf } from '../pii/findings.ts';
import type { Classified } from './classified.ts';
import { type Level, levelNumber } from './levels.ts';
import { namedBy } from './regimes.ts';

/**
 * `class` counts 0 public, 1 internal, 2 confidential, 3 restricted: policies read it as `resource.data.classify.metricsAtMost.class`.
 * Beside it, how many columns fall under what.
 */
export function classifyMetrics(
  { level, columns }: Classified,
  { rows, declared }: { readonly rows: number; readonly declared: Level | undefined },
): Record<string, number> {
  const named = columns.map(({ found }) => ({ found, named: namedBy(entityOf(found)) }));
  const inColumns = (regime: string, source = ''): number =>
    new Set(
      named
        .filter((each) => each.named.some((one) => one.regime === regime && one.source.startsWith(source)))
        .map(({ found }) => found.label),
    ).size;
  const identifiers = named.flatMap((each) =>
    each.named.filter(({ regime }) => regime === 'HIPAA').map(({ source }) => source),
  );
  return {
    ...{ class: levelNumber(level), rows },
    ...(declared === undefined ? {} : { declared_class: levelNumber(declared) }),
    ...{
      gdpr_columns: inColumns('GDPR'),
      gdpr_special_columns: inColumns('GDPR', 'article 9') + inColumns('GDPR', 'article 10'),
    },
    ...{ hipaa_identifiers: new Set(identifiers).size, hipaa_columns: inColumns('HIPAA') },
    ...{ pci_columns: inColumns('PCI DSS'), ccpa_columns: inColumns('CCPA') },
    secret_columns: new Set(
      columns.filter(({ found }) => entityOf(found).classes.includes('secret')).map(({ found }) => found.label),
    ).size,
  };
}
