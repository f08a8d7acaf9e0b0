import { type Found, groupedDoubts, type Origin } from '@holdfast/pipeline/adopt/found';
import { countOf } from './view-lines.ts';
import { labelled } from './wrap.ts';

const labelWidth = 7;
/** Names up to this long share their line with what is said about them. */
const shortName = 22;
/** What fits on a screen; `--json` and holdfast.yaml have all. */
const mostGroups = 8;
const mostNames = 3;
const mostDoubts = 10;

/** Files of which the same is to be said. */
interface Group {
  readonly names: readonly string[];
  readonly text: string;
}

/** What was found in a folder, one line for each file or for several of the same kind, and what became of it. */
export function foundLines(found: Found): string[] {
  const groups = [...originGroups(found.origins), ...dataGroup(found)];
  if (groups.length === 0) return ['Found  nothing to make stages from yet'];
  const more = groups.length - mostGroups;
  const lines = groups.slice(0, mostGroups).flatMap((group, index) => groupLines(group, index === 0 ? 'Found' : ''));
  return more > 0 ? [...lines, `${' '.repeat(labelWidth)}and more: holdfast init --json`] : lines;
}

/** What is not sure, one paragraph each. */
export function doubtLines(found: Found): string[] {
  const doubts = groupedDoubts(found.doubts);
  const more = doubts.length - mostDoubts;
  return [
    ...doubts.slice(0, mostDoubts).flatMap(({ where, what }) => labelled('Unsure ', labelWidth, `${where}: ${what}`)),
    ...(more > 0 ? [`       and ${more} more, at the top of holdfast.yaml`] : []),
  ];
}

function originGroups(origins: readonly Origin[]): Group[] {
  // what a stage runs is told by the file that declares the stage
  const told = origins.filter(({ by }) => by === undefined);
  const groups = Map.groupBy(told, (origin) => `${origin.kind} ${textOf(origin)}`);
  return [...groups.values()].map((group) => ({
    names: group.map(({ file }) => file),
    text: group[0] === undefined ? '' : textOf(group[0]),
  }));
}

/** A file that declares stages says how many; a script or notebook is one. */
function textOf({ kind, stages, why }: Origin): string {
  const isOne = kind === 'scripts' || kind === 'notebook';
  return isOne || stages.length === 0 ? why : `${countOf(stages.length, 'stage')} ${why}`;
}

/** Data that no file vouches for. */
function dataGroup({ data }: Found): Group[] {
  const names = data.filter(({ source }) => source === undefined).map(({ path }) => path);
  return names.length === 0 ? [] : [{ names, text: countOf(names.length, 'data set') }];
}

function groupLines({ names, text }: Group, label: string): string[] {
  const start = label.padEnd(labelWidth);
  const more = names.length - mostNames;
  const head = `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  if (head.length <= shortName) {
    return labelled(`${start}${head.padEnd(shortName + 2)}`, labelWidth + shortName + 2, text);
  }
  const indent = labelWidth + 2;
  return [...labelled(start, labelWidth, head), ...labelled(' '.repeat(indent), indent, text)];
}
