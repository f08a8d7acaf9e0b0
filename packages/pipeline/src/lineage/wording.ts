import { artifactId } from '@holdfast/evidence/statement';
import type { CheckMark, EvidenceKind, Lineage, LineageArtifact, LineageDecision, LineageRun } from './lineage.ts';
import { plainText } from './plain-text.ts';

export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** How an artifact is called: as `holdfast.yaml` does, else by its path, else by its digest. */
export function artifactTitle({ names, paths, digest }: LineageArtifact): string {
  const name = names[0] ?? paths[0];
  return name === undefined ? shortDigest(digest) : plainText(name);
}

/** A digest short enough to read and long enough to paste. */
export function shortDigest(digest: LineageArtifact['digest']): string {
  const [algorithm = '', hex = ''] = artifactId(digest).split(':');
  return hex.length <= 12 ? `${algorithm}:${hex}` : `${algorithm}:${hex.slice(0, 12)}…`;
}

/** Where it lies and which bytes it is, as far as its title does not say so. */
export function artifactPlace(artifact: LineageArtifact): string[] {
  const title = artifactTitle(artifact);
  const [path] = artifact.paths;
  const place = path === undefined || plainText(path) === title ? [] : [plainText(path)];
  const digest = shortDigest(artifact.digest);
  return digest === title ? place : [...place, digest];
}

/** Where it comes from, when no run on record made it. */
export function originWords({ origin, sources, claimed }: LineageArtifact): string[] {
  if (origin === 'source') return [`from ${sources.map((uri) => plainText(uri)).join(', ')}`];
  if (origin === 'unproven') {
    return [`? said to be made by ${claimed.map((stage) => plainText(stage)).join(', ')}, which no evidence shows`];
  }
  return origin === 'unknown' ? ['origin unknown'] : [];
}

const signs = { pass: '✓', warn: '!', fail: '✗', unknown: '?' } as const satisfies Record<CheckMark['verdict'], string>;

export const checkWords = ({ check, verdict }: CheckMark): string => `${signs[verdict]} ${plainText(check)}`;

/** What people said of an artifact, and what follows for it. */
export function standingWords({ signatures, approvals, withdrawals, fromWithdrawn }: LineageArtifact): string[] {
  const names = (words: readonly { readonly by: string }[]): string =>
    [...new Set(words.map(({ by }) => plainText(by, 24)))].join(', ');
  return [
    ...(signatures.length === 0 ? [] : [`signed by ${names(signatures)}`]),
    ...(approvals.length === 0 ? [] : [`approved by ${names(approvals)}`]),
    ...withdrawals.map(({ by, reason }) => `✗ withdrawn by ${plainText(by, 24)}: ${plainText(reason ?? '')}`),
    ...(fromWithdrawn ? ['! made from what is withdrawn'] : []),
  ];
}

const isolationWords = {
  none: 'not sandboxed',
  sandbox: 'sandboxed',
  container: 'in a container',
  vm: 'in a virtual machine',
} as const satisfies Record<LineageRun['isolation'], string>;

/** What a run read that has no place of its own. */
export interface Unshown {
  /** Files of code and configuration. */
  readonly code: number;
  /** What is neither behind nor before what was asked for. */
  readonly others: number;
}

/** When, by whom, how confined, how often, and from what that is not shown. */
export function runWords(
  { executions, builder, isolation, isOperation }: LineageRun,
  { code, others }: Unshown,
): string[] {
  return [
    momentWords(executions.at(-1)?.finishedOn ?? ''),
    `by ${plainText(builder, 24)}`,
    isOperation ? 'an operation of Holdfast' : isolationWords[isolation],
    ...(code === 0 ? [] : [countOf(code, 'file of code', 'files of code')]),
    ...(others === 0 ? [] : [`${countOf(others, 'input', 'inputs')} not shown`]),
    ...(executions.length === 1 ? [] : [`${executions.length} times the same`]),
  ];
}

/** Minutes are enough to tell runs apart. A run says itself when it was: it may say anything. */
export function momentWords(moment: string): string {
  const time = Date.parse(moment);
  return Number.isNaN(time)
    ? 'at an unknown time'
    : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What was decided, when, and why not. */
export function decisionWords({ state, decidedOn, reasons, problem }: LineageDecision): string[] {
  const when = momentWords(decidedOn);
  if (state === 'unknown') return [`? ${when}: ${plainText(problem ?? '', 120)}`];
  if (state === 'allowed') return [`✓ allowed ${when}`];
  if (state === 'revoked') return ['✗ revoked', `was allowed ${when}`];
  return [`✗ denied ${when}`, ...reasons.map((reason) => plainText(reason))];
}

const evidenceWords = {
  runs: ['run'],
  checks: ['check'],
  signatures: ['signature'],
  approvals: ['approval'],
  withdrawals: ['withdrawal'],
  decisions: ['decision'],
} as const satisfies Record<EvidenceKind, readonly [string]>;

/** `9 pieces of evidence: 3 runs, 2 checks …`. */
export function evidenceSentence({ evidence }: Lineage): string {
  const kinds = (Object.keys(evidenceWords) as EvidenceKind[]).filter((kind) => evidence[kind] > 0);
  const total = kinds.reduce((sum, kind) => sum + evidence[kind], 0);
  const list = kinds.map((kind) => countOf(evidence[kind], evidenceWords[kind][0])).join(', ');
  return `${countOf(total, 'piece', 'pieces')} of evidence${total === 0 ? '' : `: ${list}`}`;
}

/** What a picture cannot show: what is not in it, and why. */
export function cautions({ broken, ignored, artifacts }: Lineage): string[] {
  const unproven = artifacts.filter(({ origin }) => origin === 'unproven').length;
  return [
    ...(broken.length === 0
      ? []
      : [
          `✗ ${countOf(broken.length, 'entry does', 'entries do')} not verify, so nothing here can be relied on; not drawn`,
        ]),
    ...(ignored.length === 0
      ? []
      : [`! ${countOf(ignored.length, 'entry counts', 'entries count')} for nothing here; not drawn`]),
    ...(unproven === 0
      ? []
      : [`? ${countOf(unproven, 'artifact was', 'artifacts were')} made by runs that no evidence shows`]),
  ];
}
