import type { Table } from '@holdfast/dataset';
import type { Coverage, Finding, Report, Rule } from '@holdfast/evidence/check';
import { achieved } from './criteria/achieved.ts';
import type { AnonymiseOptions } from './options.ts';
import { type Before, riskBeforeAndAfter } from './risk/before-and-after.ts';
import { classFigure } from './risk/class-figure.ts';
import { populationUniques, type Risks } from './risk/risk.ts';
import type { Role } from './roles.ts';
import { anonymiseRules } from './rules.ts';
import type { Scene } from './scene.ts';
import type { SearchResult, Solution } from './search/optimal-search.ts';

interface Done {
  readonly scene: Scene;
  readonly result: SearchResult & { readonly best: Solution };
  readonly roles: ReadonlyMap<string, Role>;
  readonly tables: readonly Table[];
  readonly coverage: Coverage;
}

/** What was done, what was lost, and what risk is left. */
export function reportOf(done: Done, options: AnonymiseOptions): Report {
  const risk = riskBeforeAndAfter(done.scene, done.result.best, options.risk);
  const isWhole = done.coverage.examined >= done.coverage.total;
  return {
    verdict: isWhole ? (done.result.isOptimal ? 'pass' : 'warn') : 'unknown',
    origin: 'measured',
    metrics: metricsOf(done, risk, options),
    findings: findingsOf(done, risk, options),
    coverage: done.coverage,
    figures: [classFigure(risk.sizes.before, risk.sizes.after)],
  };
}

function metricsOf({ scene, result }: Done, risk: Before, options: AnonymiseOptions): Report['metrics'] {
  const { populationSize } = options;
  const { best, isOptimal, nodes, visited, bound } = result;
  const { rows } = scene.read;
  return {
    ...{ rows, kept: rows - best.judged.suppressed, suppressed: best.judged.suppressed },
    suppressed_share: best.judged.suppressed / rows,
    ...{ lost: best.score, lost_at_least: Math.min(bound, best.score), optimal: Number(isOptimal), nodes, visited },
    ...Object.fromEntries(scene.hierarchies.map((_, at) => [`level_${at + 1}`, best.levels[at] ?? 0])),
    ...riskMetrics(risk.before, '_before'),
    ...riskMetrics(risk.after, ''),
    ...achieved(scene, best, options),
    ...(populationSize === undefined
      ? {}
      : {
          population_uniques_before: populationUniques(risk.sizes.before, Math.max(populationSize, rows)),
          population_uniques: populationUniques(risk.sizes.after, Math.max(populationSize, rows)),
        }),
  };
}

function riskMetrics(
  { classes, unique, smallest, prosecutor, journalist, marketer, rows }: Risks,
  when: string,
): Record<string, number> {
  return {
    [`classes${when}`]: classes,
    [`smallest_class${when}`]: smallest,
    [`unique_share${when}`]: rows === 0 ? 0 : unique / rows,
    [`highest_risk${when}`]: prosecutor.highest,
    [`at_risk_share${when}`]: prosecutor.atRisk,
    [`average_risk${when}`]: prosecutor.average,
    [`marketer_risk${when}`]: marketer,
    ...(journalist === undefined
      ? {}
      : {
          [`journalist_highest_risk${when}`]: journalist.highest,
          [`journalist_at_risk_share${when}`]: journalist.atRisk,
          [`journalist_average_risk${when}`]: journalist.average,
        }),
  };
}

const findingOf = ({ id, severity }: Rule, message: string, where?: string): Finding => ({
  ...{ rule: id, severity, message },
  ...(where === undefined ? {} : { where: `column ${where.slice(0, 200)}` }),
});

function findingsOf(done: Done, risk: Before, { risk: threshold }: AnonymiseOptions): Finding[] {
  const { scene, result } = done;
  const { best } = result;
  const { rows } = scene.read;
  const found = columnFindings(done);
  if (best.judged.suppressed > 0) {
    found.push(
      findingOf(
        anonymiseRules.suppressed,
        `${best.judged.suppressed} of ${rows} rows were left out: too few others are like them`,
      ),
    );
  }
  if (!result.isOptimal) {
    const message = `the search was cut after ${result.visited} of ${result.nodes} ways of generalising: it is not known whether another loses less than ${shown(best.score)}; none loses less than ${shown(Math.min(result.bound, best.score))}`;
    found.push(findingOf(anonymiseRules.notOptimal, message));
  }
  const { prosecutor, rows: kept } = risk.after;
  if (prosecutor.atRisk > 0) {
    const message = `${Math.round(prosecutor.atRisk * kept)} of ${kept} rows are recognised with a chance above ${threshold}: the highest is ${shown(prosecutor.highest)}`;
    found.push(findingOf(anonymiseRules.atRisk, message));
  }
  if (risk.strangers > 0) {
    const message = `${risk.strangers} rows are like fewer people of the population than of the table, and are taken to be like as many`;
    found.push(findingOf(anonymiseRules.population, message));
  }
  return found;
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));

/** Column lineage: what became of each column of the table. */
function columnFindings({ scene, result, roles, tables }: Done): Finding[] {
  const levels = new Map(
    scene.hierarchies.map((hierarchy, at) => [hierarchy.column, { hierarchy, level: result.best.levels[at] ?? 0 }]),
  );
  return tables
    .flatMap(({ columns }, part) => (part > 0 ? [] : columns))
    .map(({ name }) => {
      const role = roles.get(name);
      const quasi = levels.get(name);
      if (quasi !== undefined) {
        const { levels: all } = quasi.hierarchy;
        const message = `generalised to level ${quasi.level} of ${all.length - 1}: ${all[quasi.level]?.name ?? ''}`;
        return findingOf(anonymiseRules.column, message, name);
      }
      if (role === 'identifying') return findingOf(anonymiseRules.column, 'left out: it is identifying', name);
      if (role === undefined) return findingOf(anonymiseRules.column, 'left out: it has no role', name);
      return findingOf(anonymiseRules.column, `kept as it is: it is ${role}`, name);
    });
}
