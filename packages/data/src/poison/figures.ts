import type { Figure } from '@holdfast/evidence/check';
import type { PoisonAbout } from './findings.ts';
import { triggerFigures } from './pictures/trigger-figures.ts';

const schema = 'https://vega.github.io/schema/vega-lite/v6.json';
/** Bars along the rows of a table. */
const mostBars = 60;

/** What triggers in pictures look like, where suspect rows are, and how many of each source. */
export function poisonFigures(about: PoisonAbout): Figure[] {
  if (about.accused.length === 0) return [];
  return [...triggerFigures(about), alongRows(about), ...ofSources(about)];
}

function alongRows({ read: { scene, pictures }, accused }: PoisonAbout): Figure {
  const [row, all] = pictures === undefined ? ['row', 'table'] : ['picture', 'data'];
  const bars = Math.min(mostBars, Math.max(1, scene.rows));
  const counts = new Uint32Array(bars);
  for (const { row } of accused) {
    const bar = Math.floor((row * bars) / scene.rows);
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const values = [...counts].map((suspects, bar) => ({ from: Math.floor((bar * scene.rows) / bars) + 1, suspects }));
  return {
    title: `Suspect ${row}s along the ${all}`,
    specification: {
      ...{ $schema: schema, data: { values }, mark: 'bar' },
      encoding: {
        x: { field: 'from', type: 'quantitative', title: row },
        y: { field: 'suspects', type: 'quantitative', title: `suspect ${row}s` },
      },
    },
  };
}

function ofSources({ read: { scene }, accused, isShown }: PoisonAbout): Figure[] {
  const { sources } = scene;
  if (sources === undefined) return [];
  const [all, suspect] = [new Uint32Array(sources.names.length), new Uint32Array(sources.names.length)];
  for (const source of sources.of) if (source >= 0) (all[source] as number) += 1;
  for (const { row } of accused) {
    const source = sources.of[row] ?? -1;
    if (source >= 0) (suspect[source] as number) += 1;
  }
  const values = sources.names
    .map((name, source) => ({
      source: isShown ? name.slice(0, 40) : `source ${source + 1}`,
      share: (suspect[source] ?? 0) / Math.max(1, all[source] ?? 0),
    }))
    .toSorted((one, other) => other.share - one.share)
    .slice(0, 30);
  return [
    {
      title: 'Suspect rows of each source',
      specification: {
        ...{ $schema: schema, data: { values }, mark: 'bar' },
        encoding: {
          y: { field: 'source', type: 'nominal', sort: null, title: null },
          x: { field: 'share', type: 'quantitative', axis: { format: '%' }, title: 'suspect rows' },
        },
      },
    },
  ];
}
