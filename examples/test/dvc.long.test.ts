import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import YAML from 'yaml';
import { ExampleProject, needs, peer, root, sum } from './project.ts';

const example = join(root, 'examples', 'dvc');
const repository = join(example, 'repository');
const programs = join(peer('dvc'), 'bin');
/** The one that the stages find. */
const python = ['/usr/local/bin/python3', '/usr/bin/python3'].find((path) => existsSync(path)) ?? '/usr/bin/python3';

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-dvc-'));
const project = new ExampleProject('penguins');
const made = new ExampleProject('penguins', dvcEnvironment());
afterAll(() => {
  project.remove();
  made.remove();
  rmSync(scratch, { recursive: true });
});

/** Nothing of the user's own settings, and nothing left in the user's own folders. */
function dvcEnvironment(): Record<string, string> {
  return {
    PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    HOME: scratch,
    GIT_CONFIG_GLOBAL: '/dev/null',
    DVC_NO_ANALYTICS: '1',
    DVC_SITE_CACHE_DIR: join(scratch, 'site'),
    DVC_GLOBAL_CONFIG_DIR: join(scratch, 'global'),
  };
}

function type(program: string, words: readonly string[], folder: string): string {
  return execFileSync(program, words, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...dvcEnvironment() } });
}

/** What a folder holds, as text by path, without what only one clone has: git's own folder, locks, DVC's run cache. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const kept = paths.filter((path) => !/^(\.git|\.dvc\/tmp|\.dvc\/cache\/runs)\//.test(path));
  return Object.fromEntries(kept.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

interface Lock {
  readonly stages: Readonly<
    Record<string, Readonly<Record<'deps' | 'outs', readonly { path: string; md5: string }[]>>>
  >;
}

describe('examples/dvc, adopted', { timeout: 600_000 }, () => {
  beforeAll(() => {
    if (!existsSync(python)) return;
    cpSync(repository, project.folder, { recursive: true });
    project.init();
    project.holdfast(['run']);
  }, 600_000);
  beforeEach((context) => {
    needs(context, 'python3', python);
  });

  it('has the stages that dvc.yaml has, with their commands', async () => {
    const dvc = YAML.parse(readFileSync(join(repository, 'dvc.yaml'), 'utf8')) as {
      stages: Record<string, { cmd: string }>;
    };
    const { stages } = await project.configuration();
    const commands = Object.fromEntries(Object.entries(stages).map(([name, { command }]) => [name, command]));
    expect(commands).toEqual(Object.fromEntries(Object.entries(dvc.stages).map(([name, { cmd }]) => [name, cmd])));
  });

  it('leaves evidence that names every file by its digest', async () => {
    await project.expectProvenance();
  });

  it('read and wrote, file by file, the bytes that DVC recorded', () => {
    const { stages } = YAML.parse(readFileSync(join(repository, 'dvc.lock'), 'utf8')) as Lock;
    const runs = project.runs();
    expect(Object.keys(stages)).toEqual([...runs.keys()]);
    for (const [name, { deps, outs }] of Object.entries(stages)) {
      const { resolvedDependencies, externalParameters } = runs.get(name)!.buildDefinition;
      const read = resolvedDependencies.filter((dependency) => !dependency.name.includes(':'));
      expect(read.map((dependency) => dependency.name).sort(), name).toEqual(deps.map(({ path }) => path).sort());
      expect(externalParameters.outputs.map(({ path }) => path).sort()).toEqual(outs.map(({ path }) => path).sort());
      for (const { path, md5 } of [...deps, ...outs]) expect(sum('md5', join(project.folder, path)), path).toBe(md5);
    }
  });

  it('may ship the model when it is signed and somebody else approves, until the data changes', () => {
    expect(project.reports().get('metrics')?.metrics['accuracy']).toBeGreaterThan(0.95);
    expect(project.gate('model', 'production', false).reasons.map(({ policy }) => policy)).toEqual([
      'signed',
      'second-person',
    ]);
    project.holdfast(['sign', 'model']);
    project.holdfast(['approve', 'model']);
    expect(project.gate('model', 'production', true).reasons).toEqual([]);
    expect(project.holdfast(['status'])).toContain('would be allowed');
    const data = join(project.folder, 'data/penguins.csv');
    const before = readFileSync(data, 'utf8');
    writeFileSync(data, before.replace('Adelie', 'Gentoo'));
    expect(project.gate('model', 'production', false).reasons.map(({ policy }) => policy)).toContain('unchanged');
    writeFileSync(data, before);
  });
});

describe('examples/dvc, made anew with DVC', { timeout: 600_000 }, () => {
  const script = join(example, 'make-repository.sh');

  it('is what lies beside the script, byte for byte', (context) => {
    needs(context, 'DVC', join(programs, 'dvc'));
    type('sh', [script, made.folder], scratch);
    const [now, committed] = [contents(made.folder), contents(repository)];
    const outputs = ['model.json', 'prepared/test.csv', 'prepared/train.csv'];
    expect(Object.keys(now)).toEqual([...Object.keys(committed), ...outputs].sort());
    for (const [path, text] of Object.entries(committed)) expect(now[path], path).toBe(text);
    expect(readFileSync(join(example, 'README.md'), 'utf8')).toContain(
      `DVC ${type('dvc', ['--version'], scratch).trim()}`,
    );
  });

  it('stays a repository of DVC when Holdfast runs its stages', (context) => {
    needs(context, 'DVC', join(programs, 'dvc'));
    made.init();
    made.holdfast(['run']);
    expect(type('dvc', ['status'], made.folder)).toContain('Data and pipelines are up to date.');
    const changed = type('git', ['status', '--short'], made.folder).trim().split('\n').sort();
    expect(changed).toEqual(['?? .holdfast/', '?? holdfast.yaml', '?? policy/']);
  });

  it('is not made where something is already', (context) => {
    needs(context, 'DVC', join(programs, 'dvc'));
    const folder = join(scratch, 'full');
    cpSync(join(repository, 'data'), folder, { recursive: true });
    const before = statSync(folder).mtimeMs;
    const done = spawnSync('sh', [script, folder], { encoding: 'utf8', env: { ...process.env, ...dvcEnvironment() } });
    expect(done.stderr).toContain('is there already');
    expect(done.status).toBe(2);
    expect(statSync(folder).mtimeMs).toBe(before);
  });
});
