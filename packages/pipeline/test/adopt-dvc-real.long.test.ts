import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { dvcDigests } from '../src/adopt/dvc-digests.ts';
import { PipelineError } from '../src/errors.ts';
import { initProject, planInit } from '../src/init.ts';
import { openProject } from '../src/project.ts';
import { runPipeline } from '../src/run-pipeline.ts';
import { peer, repository } from './adopt-scene.ts';
import { needs } from './execution-scene.ts';

const files = {
  'params.yaml': 'rows: 3\nrates: [0.5, 1.0]\ntrain: {lr: 1e-05, name: "a b"}\n',
  'data/raw.csv': 'x,y\n1,2\r\n3,4\n5,6\n',
  'data/images/ä/1.txt': 'one\r\n',
  'data/images/two "q".txt': 'two\n',
  'data/images/large.txt': 'line\r\n'.repeat(200_000),
  'take.sh': 'head -n "$1" data/raw.csv\n',
  'dvc.yaml': `
vars:
  - out: made
stages:
  take:
    cmd: mkdir -p \${out} && sh take.sh \${rows} > \${out}/taken.csv
    deps: [take.sh, data/raw.csv]
    params: [rows]
    outs: ["\${out}/taken.csv"]
  fit:
    foreach: \${rates}
    do:
      cmd:
        - mkdir -p \${out}/\${item}; cd \${out}
        - echo \${item} \${train} > \${out}/\${item}/model.txt
        - cat \${out}/taken.csv >> \${out}/\${item}/model.txt || false
      deps: ["\${out}/taken.csv", data/images]
      outs: ["\${out}/\${item}"]
  report:
    wdir: made
    cmd: |
      wc -c < 0.5/model.txt > size.txt
      printf '{"bytes": %d}' "$(cat size.txt)" > metrics.json
    deps: ["0.5"]
    outs: [size.txt]
    metrics: [metrics.json]
`,
};

/** A repository that DVC itself made and ran. */
function dvcRepository(context: TestContext): { folder: string; dvc: (...words: string[]) => string } {
  const bin = peer('dvc');
  needs(context, bin !== undefined, 'dvc: a virtual environment of tools/peers/requirements-dvc.txt');
  const folder = repository(files);
  const env = { ...process.env, DVC_NO_ANALYTICS: '1', SHELL: '/bin/sh', HOME: join(folder, '..') };
  const dvc = (...words: string[]): string =>
    execFileSync(join(bin ?? '', 'python'), ['-m', 'dvc', ...words], { cwd: folder, env, encoding: 'utf8' });
  execFileSync('git', ['init', '-q'], { cwd: folder });
  dvc('init', '-q');
  dvc('add', '-q', 'data/raw.csv', 'data/images');
  dvc('repro', '-q');
  return { folder, dvc };
}

const openssl = (digest: string, path: string): string =>
  execFileSync('openssl', ['dgst', `-${digest}`, '-r', path], { encoding: 'utf8' }).split(' ')[0] ?? '';

test('what DVC made and ran is adopted, and runs to the same bytes', { timeout: 180_000 }, async (context) => {
  const { folder } = dvcRepository(context);
  const plan = await planInit(folder);
  const lock = readFileSync(join(folder, 'dvc.lock'), 'utf8');
  // the commands that DVC wrote down when it ran them, each on a line of its own
  for (const line of lock.matchAll(/^ {4}(?:- |cmd: )([^|\s"'].*)$/gm)) {
    if (/^(?:path|data|md5)/.test(line[1] ?? '')) continue;
    expect(plan.found.stages.map(({ command }) => command).join('\n')).toContain(line[1]);
  }
  expect(plan.found.data.find(({ path }) => path === 'data/raw.csv')?.source).toEqual({
    uri: `dvc:md5:${openssl('md5', join(folder, 'data/raw.csv'))}`,
    sha256: openssl('sha256', join(folder, 'data/raw.csv')),
  });
  expect(plan.found.data.find(({ path }) => path === 'data/images')?.source).toBeDefined();
  await initProject(plan);
  const project = await openProject(folder, () => Promise.resolve(undefined));
  const { signal } = new AbortController();
  const { stages } = await runPipeline(project, { stages: [], due: false, force: false, signal });
  expect(stages.map(({ stage, status, reason }) => [stage, status === 'ran' ? status : reason])).toEqual([
    ['take', 'ran'],
    ['fit-0.5', 'ran'],
    ['fit-1.0', 'ran'],
    ['report', 'ran'],
  ]);
  for (const [, path = '', md5 = ''] of lock.matchAll(/path: (\S+)\n {6}hash: md5\n {6}md5: ([0-9a-f]{32})\n/g)) {
    const made = ['size.txt', 'metrics.json'].includes(path) ? `made/${path}` : path;
    expect([made, openssl('md5', join(folder, made))]).toEqual([made, md5]);
  }
});

test('a change that DVC sees is refused here as well', { timeout: 180_000 }, async (context) => {
  const { folder, dvc } = dvcRepository(context);
  expect(dvc('status')).toContain('up to date');
  appendFileSync(join(folder, 'data/images/ä/1.txt'), 'x');
  expect(dvc('status')).toContain('modified:           data/images');
  const error: unknown = await planInit(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PipelineError);
  expect(error).toMatchObject({ code: 'HF_ADOPT_MISMATCH', where: 'data/images.dvc' });
  dvc('commit', '-q', '--force', 'data/images.dvc');
  await planInit(folder);
});

test('MD5 of texts as DVC before 3 computed it is what DVC itself still computes', async (context) => {
  const bin = peer('dvc');
  needs(context, bin !== undefined, 'dvc: a virtual environment of tools/peers/requirements-dvc.txt');
  const mebibyte = 2 ** 20;
  const folder = repository({
    'small.txt': 'a\r\nb\r\r\n',
    'data.bin': Buffer.from([0, 13, 10]),
    'ends.txt': Buffer.concat([Buffer.alloc(mebibyte - 1, 65), Buffer.from('\r\nb\r\n')]),
    'turns.bin': Buffer.concat([Buffer.alloc(mebibyte, 65), Buffer.from([0, 13, 10])]),
    'empty.txt': '',
  });
  const program = `
import json, os
from dvc_data.hashfile.hash import file_md5
print(json.dumps({name: file_md5(name, name="md5-dos2unix") for name in sorted(os.listdir("."))}))`;
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const theirs = JSON.parse(execFileSync(join(bin ?? '', 'python'), ['-c', program], options)) as Record<
    string,
    string
  >;
  expect(Object.keys(theirs)).toHaveLength(5);
  for (const [name, md5] of Object.entries(theirs)) {
    expect([name, (await dvcDigests(join(folder, name), true)).legacyMd5.at(-1)]).toEqual([name, md5]);
  }
});
