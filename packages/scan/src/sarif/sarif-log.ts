import { createHash } from 'node:crypto';
import type { Severity, Verdict } from '@holdfast/evidence/check';
import { allRules } from '../all-rules.ts';
import type { Left, ScanFinding, Step } from '../finding.ts';
import type { ScanReport } from '../paths/report.ts';
import { spelledOut } from '../references.ts';
import type { FileResult } from '../result.ts';
import { general } from '../rules.ts';
import type { ScanRule } from '../verdict.ts';
import { mostSteps, mostTags, shortText } from './github-limits.ts';

/** The parts of SARIF 2.1.0 (OASIS Standard, March 2020, with Errata 01) that a scan fills. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly [SarifRun];
}

export interface SarifRun {
  readonly tool: { readonly driver: Readonly<Record<string, unknown>> };
  readonly automationDetails: { readonly id: string };
  readonly columnKind: 'unicodeCodePoints';
  readonly invocations: readonly Readonly<Record<string, unknown>>[];
  readonly artifacts: readonly Readonly<Record<string, unknown>>[];
  readonly results: readonly SarifResult[];
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface SarifResult extends Readonly<Record<string, unknown>> {
  readonly ruleId: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly codeFlows?: readonly unknown[];
}

/** A result, with the file that it is about. */
export interface Told {
  readonly verdict: Verdict;
  readonly result: SarifResult;
  readonly uri: string;
  readonly file: FileResult;
}

const levels = { fail: 'error', unknown: 'warning', warn: 'note' } as const;
/** What GitHub sorts alerts by: the middle of the ranges of CVSS 3.1. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};

/** Everything that a report has, as SARIF results: the worst first. */
export function toldBy(report: ScanReport, uriOf: (root: string, file: string | undefined) => string): Told[] {
  const told = report.paths.flatMap(({ path, kind, files }) =>
    files.flatMap((file) => toldOfFile(file, uriOf(path, kind === 'file' ? undefined : file.path))),
  );
  const order: readonly Verdict[] = ['fail', 'unknown', 'warn', 'pass'];
  return told.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

function toldOfFile(file: FileResult, uri: string): Told[] {
  return [
    ...file.findings.map((finding) => ({ verdict: finding.verdict, result: findingResult(finding, uri), uri, file })),
    ...file.left.map((left) => ({ verdict: 'unknown' as const, result: leftResult(left, uri), uri, file })),
  ];
}

export function sarifRun(report: ScanReport, told: readonly Told[], notes: readonly string[]): SarifRun {
  return {
    tool: { driver: driver(report) },
    automationDetails: { id: 'holdfast-scan/' },
    columnKind: 'unicodeCodePoints',
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: notes.map((text) => ({ level: 'warning', message: { text } })),
      },
    ],
    artifacts: [...new Map(told.map(({ uri, file }) => [uri, artifactOf(uri, file)])).values()],
    results: told.map(({ result }) => result),
    properties: { scanner: report.scanner, verdict: report.verdict, totals: report.totals },
  };
}

function driver({ scanner }: ScanReport): Readonly<Record<string, unknown>> {
  return {
    name: 'Holdfast',
    semanticVersion: scanner.version,
    informationUri: 'https://holdfast.dev',
    rules: allRules.map(ruleOf),
  };
}

function ruleOf({ id, title, severity, verdict, fix, references }: ScanRule): Readonly<Record<string, unknown>> {
  const known = references.map(spelledOut);
  const more = known.map(({ id: name, title: about, url }) => {
    const text = [name, about].filter((part) => part !== undefined).join(': ');
    return url === undefined ? `- ${text}` : `- [${text}](${url})`;
  });
  const weaknesses = references.filter((name) => name.startsWith('CWE-'));
  const tags = ['security', 'model', ...weaknesses.map((name) => `external/cwe/${name.toLowerCase()}`)];
  return {
    id,
    name: id,
    shortDescription: { text: shortText(title) },
    fullDescription: { text: shortText(`${title}. Do: ${fix}`) },
    help: { text: `Do: ${fix}`, markdown: [`**Do:** ${fix}`, '', ...more].join('\n') },
    ...(known[0]?.url === undefined ? {} : { helpUri: known[0].url }),
    defaultConfiguration: { level: levels[verdict] },
    properties: {
      tags: tags.slice(0, mostTags),
      'security-severity': scores[severity],
      'problem.severity': levels[verdict],
    },
  };
}

const artifactOf = (uri: string, { size, sha256 }: FileResult): Readonly<Record<string, unknown>> => ({
  location: { uri },
  length: size,
  ...(sha256 === undefined ? {} : { hashes: { 'sha-256': sha256 } }),
});

function findingResult(finding: ScanFinding, uri: string): SarifResult {
  const { rule, verdict, message, when, fix, part, at, trail = [], reaches, severity, within } = finding;
  const sentences = [
    message,
    ...(when === undefined ? [] : [`When: ${when}`]),
    ...(fix === undefined ? [] : [`Do: ${fix}`]),
  ];
  const flow = trail.slice(-mostSteps).map((step) => ({ location: stepLocation(step, part, uri) }));
  return {
    ...resultOf(rule, levels[verdict], sentences),
    locations: [location(uri, part, at)],
    ...(flow.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: flow }] }] }),
    partialFingerprints: { 'holdfastFinding/v1': fingerprint([rule, uri, ...part, within ?? '', reaches ?? message]) },
    properties: {
      verdict,
      severity,
      part,
      ...(at === undefined ? {} : { at }),
      ...(reaches === undefined ? {} : { reaches }),
    },
  };
}

function leftResult({ part, at, reason, fix = general.left.fix }: Left, uri: string): SarifResult {
  const { id, severity, verdict } = general.left;
  return {
    ...resultOf(id, 'warning', [`not understood, so not known to be clean: ${reason}`, `Do: ${fix}`]),
    locations: [location(uri, part, at)],
    partialFingerprints: { 'holdfastFinding/v1': fingerprint([id, uri, ...part, reason]) },
    properties: { verdict, severity, part, ...(at === undefined ? {} : { at }) },
  };
}

function resultOf(ruleId: string, level: SarifResult['level'], sentences: readonly string[]): SarifResult {
  const ruleIndex = allRules.findIndex(({ id }) => id === ruleId);
  const text = shortText(sentences.map((sentence) => sentence.replace(/[^.!?]$/, '$&.')).join(' '));
  return { ruleId, ...(ruleIndex < 0 ? {} : { ruleIndex }), level, message: { text } };
}

/** Offsets count within a part: only those of the file itself are places in the file. Every viewer needs a line. */
function location(uri: string, part: readonly string[], at: number | undefined): Readonly<Record<string, unknown>> {
  const offset = part.length === 0 && at !== undefined ? { byteOffset: at } : {};
  return {
    physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine: 1, ...offset } },
    ...(part.length === 0 ? {} : { logicalLocations: [{ fullyQualifiedName: part.join('/'), kind: 'member' }] }),
  };
}

function stepLocation({ at, operation, text }: Step, part: readonly string[], uri: string) {
  return { ...location(uri, part, at), message: { text: shortText(`offset ${at}: ${operation} ${text}`) } };
}

const fingerprint = (words: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32);
