import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import Ajv04 from 'ajv-draft-04';
import { describe, expect, test } from 'vitest';
import { sarifText } from '../../src/sarif/write-sarif.ts';
import { scanPaths } from '../../src/scan-paths.ts';
import { safetensorsFile } from '../safetensors-file.ts';
import { folderWith, ofNoFormat } from '../temporary-folder.ts';
import { findingWith, reportWith } from './report-with.ts';

/** OASIS, SARIF 2.1.0 with Errata 01, schemas/sarif-schema-2.1.0.json. */
const schema = JSON.parse(readFileSync(new URL('sarif-schema-2.1.0.json', import.meta.url), 'utf8')) as object;
const uri = (text: string): boolean => URL.canParse(text, 'https://relative.example');
const ajv = new Ajv04.default({
  strict: false,
  formats: { 'date-time': true, uri: (text: string) => URL.canParse(text), 'uri-reference': uri },
});
const isSarif = ajv.compile(schema);

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
    readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly unknown[] }[] }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Rule {
  readonly id: string;
  readonly properties: { readonly tags: readonly string[] };
}

/** What the file holds, after it was found to be SARIF of a size that GitHub takes. */
function runOf(text: string) {
  const log: unknown = JSON.parse(text);
  expect(isSarif(log), JSON.stringify(isSarif.errors?.slice(0, 3))).toBe(true);
  expect(gzipSync(text).byteLength).toBeLessThanOrEqual(10_000_000);
  const { runs } = log as {
    runs: {
      results: Result[];
      tool: { driver: { rules: Rule[] } };
      invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
      artifacts: unknown[];
    }[];
  };
  expect(runs).toHaveLength(1);
  const [run] = runs;
  if (run === undefined) throw new Error('no run');
  const { rules } = run.tool.driver;
  for (const { ruleId, ruleIndex, message } of run.results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(Array.from(message.text).length).toBeLessThanOrEqual(1024);
  }
  for (const { properties } of rules) expect(properties.tags.length).toBeLessThanOrEqual(20);
  const notes = run.invocations.flatMap(({ toolExecutionNotifications }) => toolExecutionNotifications);
  return { ...run, rules, notes: notes.map(({ message }) => message.text) };
}

test('a scan as SARIF: the worst first, each where its file is', async () => {
  const folder = folderWith({
    'models/it is #1.safetensors': safetensorsFile({ gap: 4 }),
    'models/good.safetensors': safetensorsFile(),
    'models/a/what.bin': ofNoFormat,
  });
  const { results, artifacts } = runOf(sarifText(await scanPaths(['models'], { folder }), folder));
  expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ['scan.safetensors.layout', 'error'],
    ['scan.left', 'warning'],
  ]);
  const places = results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri);
  expect(places).toEqual(['models/it%20is%20%231.safetensors', 'models/a/what.bin']);
  expect(artifacts).toHaveLength(2);
});

test('files outside of the folder are named by where they are', async () => {
  const folder = folderWith({ 'a.safetensors': safetensorsFile({ gap: 4 }), 'in/x': '' });
  const { results } = runOf(sarifText(await scanPaths([`${folder}/a.safetensors`]), `${folder}/in`));
  expect(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(`file://${folder}/a.safetensors`);
});

test('the steps are a flow; an offset in a part is none in the file', () => {
  const trail = [
    { at: 2, operation: 'GLOBAL', text: 'posix.system' },
    { at: 40, operation: 'REDUCE', text: 'posix.system("echo")' },
  ];
  const inside = findingWith({ part: ['archive/data.pkl'], at: 40, trail, reaches: 'posix.system' });
  const { results } = runOf(sarifText(reportWith([{ findings: [findingWith({ at: 7 }), inside] }]), '/'));
  const [outer, inner] = results;
  expect(outer?.locations[0]?.physicalLocation.region).toEqual({ startLine: 1, byteOffset: 7 });
  expect(inner?.locations[0]?.physicalLocation.region).toEqual({ startLine: 1 });
  expect(inner?.locations[0]?.logicalLocations?.[0]?.fullyQualifiedName).toBe('archive/data.pkl');
  expect(inner?.codeFlows?.[0]?.threadFlows[0]?.locations).toMatchObject([
    { location: { message: { text: 'offset 2: GLOBAL posix.system' } } },
    { location: { message: { text: 'offset 40: REDUCE posix.system("echo")' } } },
  ]);
});

test('a finding is known again where it moved, and told from others', () => {
  const fingerprints = (...findings: Parameters<typeof findingWith>[0][]) =>
    runOf(sarifText(reportWith([{ findings: findings.map(findingWith) }]), '/')).results.map(
      ({ partialFingerprints }) => partialFingerprints['holdfastFinding/v1'],
    );
  const [before] = fingerprints({ at: 1, reaches: 'os.system', message: 'at 1' });
  const [after, other] = fingerprints({ at: 9, reaches: 'os.system', message: 'at 9' }, { reaches: 'os.popen' });
  expect(after).toBe(before);
  expect(other).not.toBe(before);
});

describe('within the limits of GitHub', () => {
  test('25,000 results: the least severe ones go, and it says so', () => {
    const warn = Array.from({ length: 26_000 }, (_, at) =>
      findingWith({ verdict: 'warn', severity: 'low', rule: 'scan.misnamed', reaches: String(at) }),
    );
    const report = reportWith([{ findings: warn }, { path: 'b', findings: [findingWith({})] }]);
    const { results, notes } = runOf(sarifText(report, '/'));
    expect(results).toHaveLength(25_000);
    expect(results[0]?.level).toBe('error');
    expect(notes).toEqual(['1001 of 26001 results are left out, the least severe ones: --json has all']);
  });

  test('10 MB compressed: steps go first, then results', () => {
    const random = (bytes: number): string => randomBytes(bytes).toString('base64');
    const trail = () => Array.from({ length: 30 }, (_, at) => ({ at, operation: 'BINUNICODE', text: random(600) }));
    const flows = reportWith([
      { findings: Array.from({ length: 900 }, () => findingWith({ trail: trail(), reaches: random(9) })) },
    ]);
    const withoutFlows = runOf(sarifText(flows, '/'));
    expect(withoutFlows.results).toHaveLength(900);
    expect(withoutFlows.results.filter((result) => 'codeFlows' in result)).toHaveLength(0);
    expect(withoutFlows.notes).toHaveLength(1);
    const messages = Array.from({ length: 14_000 }, () => findingWith({ message: random(750) }));
    const halved = runOf(sarifText(reportWith([{ findings: messages }]), '/'));
    expect(halved.results.length).toBeGreaterThanOrEqual(5000);
    expect(halved.results.length).toBeLessThan(14_000);
    expect(halved.notes[0]).toContain('of 14000 results are left out');
  });

  test('texts are cut between letters', () => {
    const { results } = runOf(
      sarifText(reportWith([{ findings: [findingWith({ message: '😀'.repeat(2000) })] }]), '/'),
    );
    expect(results[0]?.message.text).toBe(`${'😀'.repeat(1023)}…`);
  });
});
