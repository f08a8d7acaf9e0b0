import type { Figure } from '@holdfast/evidence/check';
import { type Telling, tellings } from '../columns/target-leak.ts';
import { finding, judged, type Observed, type Scene } from './scene.ts';

/**
 * Columns that tell rows apart, or nothing. Neither is wrong in a table: keys are usual. So neither changes the verdict, and
 * both are said, because a model should not be given them.
 */
export function observeColumns({ facts, identifiers, rows }: Scene): Observed {
  const constant = rows < 2 ? [] : facts.filter(({ isConstant }) => isConstant);
  return {
    outcome: 'pass',
    metrics: { identifier_columns: identifiers.size, constant_columns: constant.length },
    findings: [
      ...[...identifiers].map(([name, { why }]) =>
        finding('identifier', `\`${name}\` tells rows apart: ${why}`, `column ${name}`),
      ),
      ...constant.map(({ column: { name }, present }) =>
        finding(
          'constant',
          `\`${name}\` has ${present === 0 ? 'no value' : 'one value'} in all rows`,
          `column ${name}`,
        ),
      ),
    ],
    left: [],
  };
}

/** Part of the mistakes that one column avoids by itself, above which it is hard to believe that it is no copy of the label. */
const usualSkill = 0.95;

/** Columns that alone tell the label. One can be meant to (a code beside its name), so this warns unless a limit is declared. */
export async function observeTargetLeaks(scene: Scene): Promise<Observed | undefined> {
  const { tables, label, facts, options, signal } = scene;
  if (label === undefined) return undefined;
  const others = facts.filter(({ column, isConstant }) => column.name !== label.column.name && !isConstant);
  const found = await tellings(tables, label, others, signal);
  const limit = options.maxTargetSkill ?? usualSkill;
  const leaks = found.filter(({ skill }) => skill > limit);
  const best = found.reduce((most, { skill }) => Math.max(most, skill), 0);
  return {
    outcome: judged(best, options.maxTargetSkill, usualSkill),
    metrics: { target_leak_columns: leaks.length, best_column_skill: best },
    findings: leaks.map((each) => finding('targetLeak', sentence(each, label.column.name), `column ${each.column}`)),
    left: [],
    ...(found.length === 0 ? {} : { figures: [skillFigure(found, label.column.name)] }),
  };
}

function sentence({ column, accuracy, baseline, information }: Telling, label: string): string {
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return `\`${column}\` alone tells \`${label}\` in ${percent(accuracy)} of rows held back (always guessing the commonest label: ${percent(baseline)}); it holds ${percent(information)} of the label's information`;
}

function skillFigure(found: readonly Telling[], label: string): Figure {
  const values = found
    .toSorted((one, other) => other.skill - one.skill)
    .slice(0, 20)
    .map(({ column, skill, information }) => ({ column, skill: Math.max(0, skill), information }));
  return {
    title: `How well each column alone tells ${label}`,
    specification: {
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values },
      mark: 'bar',
      encoding: {
        y: { field: 'column', type: 'nominal', sort: null, title: null },
        x: { field: 'skill', type: 'quantitative', scale: { domain: [0, 1] }, title: 'mistakes avoided' },
        tooltip: [{ field: 'column' }, { field: 'skill' }, { field: 'information' }],
      },
    },
  };
}
