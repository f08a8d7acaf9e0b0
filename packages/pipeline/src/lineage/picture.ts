import { foldedCode, unshownInputs } from './folded-code.ts';
import type { Lineage, LineageArtifact, LineageDecision, LineageRun } from './lineage.ts';
import { packed } from './packed.ts';
import { plainText } from './plain-text.ts';
import {
  artifactPlace,
  artifactTitle,
  cautions,
  checkWords,
  countOf,
  decisionWords,
  evidenceSentence,
  originWords,
  runWords,
  standingWords,
  type Unshown,
} from './wording.ts';

export type Shape = 'data' | 'model' | 'file' | 'run' | 'decision';

/** How something stands; it is also said in words. */
export type Tone = 'plain' | 'good' | 'doubt' | 'bad';

export interface PictureNode {
  readonly id: string;
  readonly shape: Shape;
  readonly tone: Tone;
  /** Whether it was asked for. */
  readonly isSubject: boolean;
  /** The title first; none is wider than `lineWidth`. */
  readonly lines: readonly string[];
}

/** A lineage as boxes and arrows, before anything is drawn. All texts are plain, and none is escaped yet. */
export interface LineagePicture {
  readonly title: string;
  /** What there is, in a sentence. */
  readonly summary: string;
  /** What has to be said beside the picture. */
  readonly cautions: readonly string[];
  readonly nodes: readonly PictureNode[];
  readonly arrows: readonly { readonly from: string; readonly to: string }[];
}

/** Columns of a line in a box. */
export const lineWidth = 36;

export interface PictureOptions {
  /** Draw code and configuration as boxes of their own. */
  readonly code?: boolean;
}

/** The boxes and arrows of a lineage. */
export function pictureOf(lineage: Lineage, { code = false }: PictureOptions = {}): LineagePicture {
  const { title, artifacts, runs, decisions, subjects = [] } = lineage;
  const folded = code ? new Set<string>() : foldedCode(lineage);
  const ids = new Set(artifacts.map(({ id }) => id));
  const isThere = (id: string): boolean => ids.has(id);
  const drawn = artifacts.filter(({ id }) => !folded.has(id));
  const nodes = [
    ...drawn.map((artifact) => artifactBox(artifact, subjects.includes(artifact.id))),
    ...runs.map((run) => runBox(run, unshownInputs(run, folded, isThere))),
    ...decisions.map(decisionBox),
  ];
  const what = [
    countOf(drawn.length, 'artifact'),
    countOf(runs.length, 'run'),
    ...(decisions.length === 0 ? [] : [countOf(decisions.length, 'decision')]),
  ].join(', ');
  return {
    title: `Lineage of ${plainText(title)}`,
    summary: `${what}, by ${evidenceSentence(lineage)}`,
    cautions: cautions(lineage),
    nodes,
    arrows: arrowsOf(lineage, new Set(nodes.map(({ id }) => id))),
  };
}

function arrowsOf({ runs, decisions, parts }: Lineage, drawn: ReadonlySet<string>): LineagePicture['arrows'] {
  const arrows = [
    ...runs.flatMap(({ id, inputs, outputs }) => [
      ...inputs.map((from) => ({ from, to: id })),
      ...outputs.map((to) => ({ from: id, to })),
    ]),
    ...parts.map(({ from, to }) => ({ from, to })),
    ...decisions.map(({ id, artifact }) => ({ from: artifact, to: decisionNode(id, artifact) })),
  ];
  return arrows.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
}

/** One decision may speak of several artifacts. */
const decisionNode = (id: string, artifact: string): string => `${id} ${artifact}`;

const boxOf = (title: string, pieces: readonly string[]): string[] => [
  ...packed([title], lineWidth),
  ...packed(pieces, lineWidth, ' · '),
];

function artifactBox(artifact: LineageArtifact, isSubject: boolean): PictureNode {
  const { id, kind } = artifact;
  const shape = kind === 'model' ? 'model' : kind === undefined || kind === 'dataset' ? 'data' : 'file';
  const lines = [
    ...boxOf(artifactTitle(artifact), artifactPlace(artifact)),
    ...packed(originWords(artifact), lineWidth),
    ...packed(artifact.checks.map(checkWords), lineWidth),
    ...packed(standingWords(artifact), lineWidth, ' · '),
  ];
  return { id, shape, tone: toneOf(artifact), isSubject, lines };
}

function toneOf({ checks, withdrawals, fromWithdrawn, origin }: LineageArtifact): Tone {
  const has = (verdict: string): boolean => checks.some((check) => check.verdict === verdict);
  if (withdrawals.length > 0 || has('fail')) return 'bad';
  if (fromWithdrawn || origin === 'unproven' || has('unknown') || has('warn')) return 'doubt';
  return checks.length > 0 ? 'good' : 'plain';
}

function runBox(run: LineageRun, unshown: Unshown): PictureNode {
  const measured = run.measured.length === 0 ? [] : ['reported metrics'];
  const lines = boxOf(plainText(run.stage), [...runWords(run, unshown), ...measured]);
  return { id: run.id, shape: 'run', tone: 'plain', isSubject: false, lines };
}

const decisionTones = { allowed: 'good', denied: 'bad', revoked: 'bad', unknown: 'doubt' } as const;

function decisionBox(decision: LineageDecision): PictureNode {
  const { id, artifact, environment, state } = decision;
  const lines = boxOf(plainText(environment), decisionWords(decision));
  return { id: decisionNode(id, artifact), shape: 'decision', tone: decisionTones[state], isSubject: false, lines };
}
