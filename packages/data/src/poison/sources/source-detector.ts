import type { Detector, Suspicion } from '../detector.ts';
import { sourceInfluences } from './influence.ts';

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
    const { sources, alpha } = scene;
    if (sources === undefined) return undefined;
    const known = sources.of.reduce(
      (sum, source, row) => sum + Number(source >= 0 && (scene.labels[row] ?? -1) >= 0),
      0,
    );
    if (known < fewestRows)
      return nothing(`sources: ${known} labelled rows of known sources are too few (${fewestRows})`);
    if (sources.names.length < 2) return nothing('sources: all rows come from one');
    if (sources.names.length > mostSources) return nothing(`sources: there are more than ${mostSources}`);
    if (known > mostRows)
      return nothing(`sources: more than ${mostRows} rows are not learnt from without each of them`);
    const influences = await sourceInfluences(scene, Math.max(deals, Math.ceil(sources.names.length / alpha)));
    const accused = influences.filter(
      ({ p, withIt, without }) => p <= alpha && withIt - without >= leastEffect * without,
    );
    return {
      ...nothing(''),
      left: [],
      sources: accused.map(({ source, p, rows, withIt, without }) => ({
        ...{ source, p },
        says: `without its ${rows} rows the error on all others is ${percent(1 - without / withIt)} smaller`,
      })),
      metrics: { judged: influences.length, least_p: Math.min(1, ...influences.map(({ p }) => p)) },
    };
  },
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const nothing = (why: string): Suspicion => ({
  ...{ detector: name, rows: [], triggers: [], left: [why] },
  share: { estimate: 0, low: 0, high: 1 },
});
