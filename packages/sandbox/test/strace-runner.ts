/**
 * Runs stages in a sandbox under strace, as the user that starts it, and prints what they read and what stands for it
 * as JSON: a program of its own, because a test cannot become another user.
 *
 *     node strace-runner.ts ENVIRONMENT [packages]
 *
 * ENVIRONMENT is a virtual environment, or `-`; `packages`: it has scikit-learn.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DigestCache, openDigestCache } from '@holdfast/evidence/digest/cache';
import { bubblewrapIsolation, type RecordedToolchain, resolveToolchain, type Toolchain } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import { bubblewrap, bubblewrapVersion, Scene } from './scene.ts';
import {
  type Account,
  accountFor,
  changedFiles,
  type Place,
  pathsRead,
  type RecordedFiles,
  recordedFiles,
  without,
} from './strace-account.ts';
import { readTrace, straceOptions, type TracedRun } from './strace-log.ts';
import { nodeStages, pythonStages, type Stage } from './strace-stages.ts';

export interface StageOutcome extends Account {
  readonly name: string;
  readonly language: Stage['language'];
  readonly code: number | null;
  readonly stderr: string;
  /** What it should have been seen to read, and was not. */
  readonly unseen: readonly string[];
  /** Files that are not what was recorded. */
  readonly changed: readonly string[];
  /** How many files nothing stands for when a part of the record is taken away. */
  readonly missed: Readonly<Record<string, number>>;
}

export interface Outcome {
  readonly stages: readonly StageOutcome[];
  /** Files that a stage was shown behind the back of the record, and that the check found. */
  readonly smuggled: readonly string[];
}

const [environment = '-', packages = ''] = process.argv.slice(2);
const scene = new Scene();
const cache = openDigestCache(join(scene.root, 'digests'));

function makeCertificate() {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2', '-nodes'];
  const files = ['-keyout', 'key.pem', '-out', 'certificate.pem'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, ...files], { cwd: scene.root, stdio: 'ignore' });
  const read = (name: string): string => readFileSync(join(scene.root, name), 'utf8');
  return { key: read('key.pem'), certificate: read('certificate.pem') };
}

function makePackages(): void {
  const manifest = (name: string): string =>
    JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' });
  scene.write('project/node_modules/doubling/package.json', manifest('doubling'));
  scene.write('project/node_modules/doubling/index.js', 'export const double = (x) => x * 2;');
  scene.write('workspace/halving/package.json', manifest('@workspace/halving'));
  scene.write('workspace/halving/index.js', 'export const half = (x) => x / 2;');
  mkdirSync(join(scene.project, 'node_modules/@workspace'));
  symlinkSync('../../../workspace/halving', join(scene.project, 'node_modules/@workspace/halving'));
}

async function trace(
  stage: Stage,
  toolchain: Toolchain,
): Promise<{ run: TracedRun; place: Place; code: number | null; stderr: string }> {
  for (const [path, content] of Object.entries(stage.inputs)) {
    mkdirSync(dirname(join(scene.project, path)), { recursive: true });
    writeFileSync(join(scene.project, path), content);
  }
  const inputs = [...new Set(Object.keys(stage.inputs).map((path) => join(scene.project, path.split('/')[0] ?? '')))];
  const outputs = [join(scene.project, 'build/out')];
  const request = scene.request(stage.command, { readable: inputs, writable: outputs });
  const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
  const command = await isolation.wrap(request);
  const log = join(scene.root, 'trace');
  const argv = ['/usr/bin/strace', ...straceOptions, '-o', log, ...command.argv] as [string, ...string[]];
  const { code, stderr } = await launch({ ...command, argv }, { timeoutMs: 300_000 });
  return {
    run: readTrace(readFileSync(log, 'utf8'), '/bin/sh'),
    place: { project: scene.project, temporary: request.temporary, inputs, outputs },
    code,
    stderr,
  };
}

async function outcomeOf(stage: Stage, toolchain: Toolchain, record: RecordedFiles): Promise<StageOutcome> {
  const { run, place, code, stderr } = await trace(stage, toolchain);
  const read = pathsRead(run, place);
  const account = accountFor(read, run, record, place);
  const parts = [...new Set(Object.values(account.files))].filter(
    (part) => !['own', 'made by the sandbox'].includes(part),
  );
  const missed = parts.map(
    (part) => [part, accountFor(read, run, ...without(part, record, place)).unaccounted.length] as const,
  );
  const paths = run.reads.flatMap(({ path, asked }) => [path, asked]);
  const unseen = stage.sees.filter((end) => !paths.some((path) => end.test(path))).map(String);
  const changed = changedFiles(account, record);
  return {
    name: stage.name,
    language: stage.language,
    code,
    stderr,
    ...account,
    unseen,
    changed,
    missed: Object.fromEntries(missed),
  };
}

/** Does the check find a file that a sandbox shows, and no record knows? */
async function smuggle(toolchain: RecordedToolchain, record: RecordedFiles): Promise<readonly string[]> {
  const leak = scene.write('outside/leak/module.py', 'secret = 1');
  const shown = { ...toolchain, binds: [...toolchain.binds, dirname(leak)] };
  const stage: Stage = { name: '', language: 'python', command: `cat ${leak} > build/out`, inputs: {}, sees: [] };
  const { run, place } = await trace(stage, shown);
  return accountFor(pathsRead(run, place), run, record, place).unaccounted;
}

/** Other tests write to `/usr`, or try to: what is recorded must still be there when it is looked at file by file. */
async function settled(request: Parameters<typeof resolveToolchain>[0] & { cache: DigestCache }) {
  for (let attempt = 1; ; attempt += 1) {
    const toolchain = await resolveToolchain(request);
    try {
      return { toolchain, record: await recordedFiles(toolchain, request.cache) };
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function main(): Promise<Outcome> {
  for (const path of [scene.root, scene.project]) chmodSync(path, 0o755);
  makePackages();
  const certificate = makeCertificate();
  const path = [dirname(process.execPath), process.env['PATH'] ?? '/usr/bin:/bin'].join(':');
  const variables = { ...process.env, PATH: path, ...(environment === '-' ? {} : { VIRTUAL_ENV: environment }) };
  const scripts = packages === '' ? [] : ['numpy-config', 'f2py'];
  const names = ['python3', 'node', ...scripts];
  const { toolchain, record } = await settled({ names, project: scene.project, environment: variables, cache });
  const stages: StageOutcome[] = [];
  for (const stage of [...pythonStages, ...nodeStages(certificate)]) {
    if (stage.needsPackages === true && packages === '') continue;
    stages.push(await outcomeOf(stage, toolchain, record));
  }
  return { stages, smuggled: await smuggle(toolchain, record) };
}

try {
  process.stdout.write(JSON.stringify(await main()));
} finally {
  cache.close();
  scene.remove();
}
