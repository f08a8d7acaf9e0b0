import type { Detector } from '../detector.ts';
import { notLooked } from '../not-looked.ts';
import type { PoisonScene } from '../scene.ts';
import { type Influence, sourceInfluences } from './influence.ts';

const name = 'sources';
/** So many times are rows dealt to sources by chance: the least p is one in 1,000 times the sources. */
const deals = 999;
/** Rows × sources × coordinates² that one deal may take. */
const mostRows = 20_000;
const fewestRows = 50;
const mostSources = 50;
/** Part of the others' error that a source has to be to blame for. */
const leastEffect = 0.01;

/**
 * Sources without which the others' labels are predicted better than chance allows; see {@link sourceInfluences}. What most rows come from is
 * what others are measured by: it is not accused.
 */
export const sourceDetector: Detector = {
  name,
  async find(scene) {
    const { sources } = scene;
    if (sources === undefined) return undefined;
    const known = sources.of.reduce(
      (sum, source, row) => sum + Number(source >= 0 && (scene.labels[row] ?? -1) >= 0),
      0,
    );
    if (known < fewestRows)
      return notLooked(name, `${known} labelled rows of known sources are too few (${fewestRows})`);
    if (sources.names.length < 2) return notLooked(name, 'all rows come from one');
    if (sources.names.length > mostSources) return notLooked(name, `there are more than ${mostSources}`);
    if (known > mostRows) return notLooked(name, `more than ${mostRows} rows are not learnt from without each of them`);
    const { accused, first } = await accusedSources(scene, known);
    return {
      ...notLooked(name),
      sources: accused.map(({ source, p, rows, withIt, without }) => ({
        ...{ source, p },
        says: `without its ${rows} rows the error on all others is ${percent(1 - without / withIt)} smaller`,
      })),
      metrics: { judged: first.length, least_p: Math.min(1, ...first.map(({ p }) => p)) },
    };
  },
};

/**
 * The source that does most harm, then the one that does most to the rest without it, and so on: a bad source makes good ones look bad, as
 * long as its rows are among those that they are judged by.
 */
async function accusedSources(scene: PoisonScene, known: number) {
  const accused: Influence[] = [];
  let first: readonly Influence[] = [];
  let rest = scene;
  for (let turn = 0; turn + 1 < (scene.sources?.names.length ?? 0); turn += 1) {
    const influences = await sourceInfluences(
      rest,
      Math.max(deals, Math.ceil((scene.sources?.names.length ?? 0) / scene.alpha)),
    );
    if (turn === 0) first = influences;
    const worst = influences
      .filter(({ rows, p }) => rows * 2 < known && p <= scene.alpha)
      .toSorted((one, other) => harm(other) - harm(one))[0];
    if (worst === undefined || harm(worst) < leastEffect) break;
    accused.push(worst);
    const labels = rest.labels.map((label, row) => (scene.sources?.of[row] === worst.source ? -1 : label));
    rest = { ...rest, labels };
  }
  return { accused, first };
}

/** How much larger the error of the others is for its part, of what it is without it. */
const harm = ({ withIt, without }: Influence): number => (withIt - without) / Math.max(without, 1e-12);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
