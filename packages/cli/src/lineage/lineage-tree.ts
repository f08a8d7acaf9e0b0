import { foldedCode, unshownInputs } from '@holdfast/pipeline/lineage/folded-code';
import type { Lineage, LineageArtifact, LineageDecision, LineageRun } from '@holdfast/pipeline/lineage/lineage';
import { linksOf } from '@holdfast/pipeline/lineage/links';
import { packed } from '@holdfast/pipeline/lineage/packed';
import { plainText } from '@holdfast/pipeline/lineage/plain-text';
import {
  artifactPlace,
  artifactTitle,
  checkWords,
  decisionWords,
  originWords,
  runWords,
  standingWords,
} from '@holdfast/pipeline/lineage/wording';
import { lineWidth } from '../wrap.ts';

/** A line of the tree: what stands before it is never painted. */
export interface TreeLine {
  readonly branch: string;
  readonly text: string;
  readonly isTitle: boolean;
}

/** Deeper branches go on at the margin, so that names have room. */
const deepest = 10;

/** What the tree grows from. */
interface Grove {
  readonly artifacts: ReadonlyMap<string, LineageArtifact>;
  readonly runs: ReadonlyMap<string, LineageRun>;
  readonly decisions: ReadonlyMap<string, readonly LineageDecision[]>;
  readonly subjects: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
  readonly next: (node: string) => readonly string[];
  readonly told: Set<string>;
  /** Where deep branches go on. */
  readonly later: string[];
}

/**
 * A lineage as trees, each from something that nothing made to where it went. What has several parents stands below the
 * first of them, and is named below the others.
 *
 * @param code whether code and configuration stand for themselves
 */
export function treeLines(lineage: Lineage, code: boolean): readonly TreeLine[] {
  const { artifacts, runs, decisions, parts, subjects = [] } = lineage;
  const { next, previous } = linksOf(runs, parts);
  const folded = code ? new Set<string>() : foldedCode(lineage);
  const grove: Grove = {
    artifacts: new Map(artifacts.map((artifact) => [artifact.id, artifact])),
    runs: new Map(runs.map((run) => [run.id, run])),
    decisions: Map.groupBy(decisions, ({ artifact }) => artifact),
    ...{ subjects: new Set(subjects), folded, next, told: new Set<string>(), later: [] },
  };
  const all = [...artifacts, ...runs].map(({ id }) => id).filter((id) => !folded.has(id));
  const isFirst = (id: string): boolean => previous(id).every((from) => folded.has(from) || !known(grove, from));
  const starts = [...all.filter(isFirst), ...all];
  return starts.flatMap((id) => (grove.told.has(id) ? [] : [...tree(id, grove), ...goOn(grove)]));
}

const known = ({ artifacts, runs }: Grove, id: string): boolean => artifacts.has(id) || runs.has(id);

function tree(id: string, grove: Grove): readonly TreeLine[] {
  return [{ branch: '', text: '', isTitle: false }, ...branch(id, { own: '', below: '' }, 0, grove)];
}

function* goOn(grove: Grove): Generator<TreeLine> {
  for (let id = grove.later.shift(); id !== undefined; id = grove.later.shift()) {
    if (!grove.told.has(id)) yield* tree(id, grove);
  }
}

/** What stands before the first line of a node and before those below it. */
interface Rails {
  readonly own: string;
  readonly below: string;
}

function branch(id: string, rails: Rails, depth: number, grove: Grove): readonly TreeLine[] {
  const { told, next, decisions, folded } = grove;
  const title = titleOf(id, grove);
  if (told.has(id)) return [{ branch: rails.own, text: `${title} (above)`, isTitle: true }];
  if (depth > deepest) {
    grove.later.push(id);
    return [{ branch: rails.own, text: `${title} (below)`, isTitle: true }];
  }
  told.add(id);
  const ends = decisions.get(id) ?? [];
  const children = next(id).filter((to) => known(grove, to) && !folded.has(to));
  const railOf = (at: number): Rails => {
    const isLast = at === children.length + ends.length - 1;
    return { own: `${rails.below}${isLast ? '└ ' : '├ '}`, below: `${rails.below}${isLast ? '  ' : '│ '}` };
  };
  const inner = `${rails.below}${children.length + ends.length > 0 ? '│ ' : '  '}`;
  return [
    ...nodeLines(title, detailsOf(id, grove), { own: rails.own, below: inner }),
    ...children.flatMap((to, at) => branch(to, railOf(at), depth + 1, grove)),
    ...ends.flatMap((end, at) =>
      nodeLines(plainText(end.environment), [decisionWords(end)], railOf(children.length + at)),
    ),
  ];
}

function titleOf(id: string, { artifacts, runs, subjects }: Grove): string {
  const artifact = artifacts.get(id);
  const run = runs.get(id);
  const title = artifact === undefined ? plainText(run?.stage ?? id) : artifactTitle(artifact);
  return subjects.has(id) ? `${title} ◀` : title;
}

/** Groups of pieces; each group begins on a line of its own. */
function detailsOf(id: string, { artifacts, runs, folded }: Grove): readonly (readonly string[])[] {
  const artifact = artifacts.get(id);
  if (artifact !== undefined) {
    const { checks } = artifact;
    return [artifactPlace(artifact), originWords(artifact), checks.map(checkWords), standingWords(artifact)];
  }
  const run = runs.get(id);
  if (run === undefined) return [];
  const unshown = unshownInputs(run, folded, (input) => artifacts.has(input));
  const more = run.inputs.filter((input) => !folded.has(input) && artifacts.has(input));
  const read = more.length < 2 ? [] : [`reads ${more.map((input) => titleFor(input, artifacts)).join(', ')}`];
  const about = run.measured.filter((id) => artifacts.has(id)).map((id) => titleFor(id, artifacts));
  const measured =
    run.measured.length === 0
      ? []
      : [['reported metrics', ...(about.length === 0 ? [] : [`of ${about.join(', ')}`])].join(' ')];
  return [runWords(run, unshown), read, measured];
}

function titleFor(id: string, artifacts: Grove['artifacts']): string {
  const artifact = artifacts.get(id);
  return artifact === undefined ? id : artifactTitle(artifact);
}

/** A title with the first details beside it, the others below. */
function nodeLines(title: string, details: readonly (readonly string[])[], { own, below }: Rails): TreeLine[] {
  const [first = [], ...rest] = details;
  const room = lineWidth - Math.max(own.length, below.length);
  const [head = '', ...overflow] = packed([title, ...first], room);
  const under = [...overflow, ...rest.flatMap((pieces) => packed(pieces, room))];
  return [
    { branch: own, text: head, isTitle: true },
    ...under.map((text) => ({ branch: below, text, isTitle: false })),
  ];
}
