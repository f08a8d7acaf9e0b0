import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { evidenceAs } from '@holdfast/evidence';
import { approvalOf, newTestProject, type TestProject, tinyFiles, tinyYaml, yamlOf } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import type { PipelineOutcome, RunEvent, StageOutcome } from '../src/run-pipeline.ts';
import { eventually, needs, pidsWith } from './execution-scene.ts';

const statuses = ({ stages }: PipelineOutcome): Record<string, string> =>
  Object.fromEntries(stages.map(({ stage, status }) => [stage, status]));

function outcomeOf({ stages }: PipelineOutcome, name: string): StageOutcome {
  const found = stages.find(({ stage }) => stage === name);
  if (found === undefined) throw new Error(`\`${name}\` has no outcome`);
  return found;
}

async function runsIn(project: TestProject): Promise<string[]> {
  return (await project.view()).evidence.flatMap((piece) => {
    const run = evidenceAs('run', piece);
    return run === undefined ? [] : [run.statement.predicate.buildDefinition.externalParameters.stage];
  });
}

describe('what runs', () => {
  test('everything the first time, nothing the second, and what was asked for when asked', async () => {
    const project = await newTestProject();
    expect(statuses(await project.run())).toEqual({ prepare: 'ran', train: 'ran', evaluate: 'ran' });
    const second = await project.run();
    expect(second).toMatchObject({ recorded: 0 });
    expect(second.stages.map(({ status, reason }) => [status, reason])).toEqual(
      Array.from({ length: 3 }, () => ['current', 'nothing changed']),
    );
    expect(second.checks).toMatchObject([{ status: 'current', report: { verdict: 'pass' } }]);
    const forced = await project.run({ force: true, stages: ['train'] });
    expect(statuses(forced)).toEqual({ prepare: 'ran', train: 'ran' });
    expect(forced.checks).toMatchObject([{ status: 'ran' }]);
    expect(outcomeOf(forced, 'train').reason).toBe('asked for');
  });

  test('a stage brings what it needs, and nothing else', async () => {
    const project = await newTestProject();
    expect(statuses(await project.run({ stages: ['train'] }))).toEqual({ prepare: 'ran', train: 'ran' });
    expect(existsSync(project.path('build/metrics.json'))).toBe(false);
    await expect(project.run({ stages: ['trian'] })).rejects.toMatchObject({ code: 'HF_STAGE_UNKNOWN' });
  });

  test('a stage that writes nothing is recorded, and not run again for nothing', async () => {
    const project = await newTestProject({
      yaml: yamlOf({ a: { command: 'test -e in', inputs: ['in'] } }),
      files: { in: '1' },
    });
    expect(statuses(await project.run())).toEqual({ a: 'ran' });
    expect((await project.view()).ignored).toEqual([]);
    expect(await runsIn(project)).toEqual(['a']);
    expect(statuses(await project.run())).toEqual({ a: 'current' });
  });

  test('what changes behind a stage changes the stage, and stops where nothing changed', async () => {
    const project = await newTestProject();
    await project.run();
    project.edit('prepare.sh', 'head', ': a comment\nhead');
    // prepare writes the same bytes again: what follows is current
    expect(statuses(await project.run())).toEqual({ prepare: 'ran', train: 'current', evaluate: 'current' });
    project.edit('data/raw.csv', '0,0', '0,7');
    expect(statuses(await project.run())).toEqual({ prepare: 'ran', train: 'ran', evaluate: 'ran' });
  });

  test('events tell what happens, in an order that makes sense', async () => {
    const events: RunEvent[] = [];
    const project = await newTestProject({
      files: { ...tinyFiles(), 'evaluate.sh': 'echo said; echo \'{"accuracy": 1}\' > build/metrics.json\n' },
    });
    await project.run({ onEvent: (event) => events.push(event) });
    const said = events
      .flatMap((event) => (event.type === 'output' ? [Buffer.from(event.chunk).toString()] : []))
      .join('');
    expect(said).toBe('said\n');
    const story = events.flatMap((event) => {
      if (event.type === 'stage-started') return [`start ${event.stage}`];
      if (event.type === 'stage-ended') return [`end ${event.outcome.stage} ${event.outcome.status}`];
      return event.type === 'check-ended' ? [`check ${event.outcome.check} ${event.outcome.status}`] : [];
    });
    expect(story).toEqual([
      'start prepare',
      'end prepare ran',
      'start train',
      'end train ran',
      'start evaluate',
      'end evaluate ran',
      'check scan ran',
    ]);
  });

  test('independent stages run at the same time: each waits for a sign of the other', async (context) => {
    needs(context, availableParallelism() > 1, 'two processors');
    const meet = (own: string, other: string): object => ({
      command: `echo here > sign-${own}; for i in $(seq 200); do test -e sign-${other} && exec cp sign-${own} ${own}; sleep 0.05; done; exit 9`,
      outputs: [own],
    });
    const project = await newTestProject({ yaml: yamlOf({ a: meet('a', 'b'), b: meet('b', 'a') }), files: {} });
    expect(statuses(await project.run())).toEqual({ a: 'ran', b: 'ran' });
  });

  test('no more than a processor each', async () => {
    const width = availableParallelism();
    const count = width + 2;
    const crowd = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `s${at}`,
        { command: `echo in >> door; sleep 0.1; wc -l < door > o${at}; echo out >> gone`, outputs: [`o${at}`] },
      ]),
    );
    const project = await newTestProject({ yaml: yamlOf(crowd), files: {} });
    expect(new Set(Object.values(statuses(await project.run())))).toEqual(new Set(['ran']));
    // the first that looks cannot have seen more than were let in
    const first = Math.min(...Array.from({ length: count }, (_, at) => Number(project.read(`o${at}`))));
    expect(first).toBeLessThanOrEqual(width);
  });
});

describe('what fails', () => {
  const broken = yamlOf({
    a: { command: 'echo why it failed; exit 3', outputs: ['a.out'] },
    b: { command: 'cp a.out b.out', inputs: ['a.out'], outputs: ['b.out'] },
    c: { command: 'echo c > c.out', outputs: ['c.out'] },
    d: { command: 'cat b.out c.out > d.out', inputs: ['b.out', 'c.out'], outputs: ['d.out'] },
    e: { command: 'cp c.out e.out', inputs: ['c.out'], outputs: ['e.out'] },
  });

  test('a stage stops what depends on it, and nothing else', async () => {
    const project = await newTestProject({ yaml: broken, files: { 'a.out': 'from before' } });
    const outcome = await project.run();
    expect(statuses(outcome)).toEqual({ a: 'failed', b: 'blocked', c: 'ran', d: 'blocked', e: 'ran' });
    expect(outcomeOf(outcome, 'b').reason).toBe('`a` did not succeed');
    expect(outcomeOf(outcome, 'd').reason).toBe('`b` did not succeed');
    expect((await runsIn(project)).toSorted()).toEqual(['c', 'e']);
    expect(project.read('a.out')).toBe('from before');
  });

  test('its status, its log and its old outputs are kept', async () => {
    const project = await newTestProject({ yaml: broken, files: { 'a.out': 'from before' } });
    const { error } = outcomeOf(await project.run(), 'a');
    expect(error).toMatchObject({ code: 'HF_STAGE_FAILED', exit: 1, cause: { status: 3, signal: null } });
    expect(error?.message).toBe('`a` ended with status 3');
    const { where = '' } = error as unknown as { where?: string };
    expect(where.startsWith(project.folder)).toBe(true);
    expect(project.read(where.slice(project.folder.length + 1))).toBe('why it failed\n');
  });

  test('a command that a signal ended', async () => {
    const project = await newTestProject({ yaml: yamlOf({ a: { command: 'kill -KILL $$' } }), files: {} });
    expect(outcomeOf(await project.run(), 'a').error).toMatchObject({
      code: 'HF_STAGE_FAILED',
      message: '`a` ended with signal SIGKILL',
    });
  });

  const changes: Record<string, string> = {
    'a file': 'echo more >> data/in.csv',
    'a file that keeps its size and its time':
      'cp -p data/in.csv t; printf 9 | dd of=data/in.csv conv=notrunc 2>/dev/null; touch -r t data/in.csv',
    'a file of an input folder': 'echo more >> data/folder/x',
    'a new file in an input folder': 'echo new > data/folder/y',
    'a file that is removed': 'rm data/in.csv',
    'a file that becomes a folder': 'rm data/in.csv; mkdir data/in.csv; echo 1 > data/in.csv/x',
  };
  for (const [what, how] of Object.entries(changes)) {
    test(`an input that changes meanwhile: ${what}`, async () => {
      const yaml = yamlOf({
        a: {
          command: `mkdir out; echo new > out/new; ${how}`,
          inputs: ['data/in.csv', 'data/folder'],
          outputs: ['out'],
        },
      });
      const project = await newTestProject({
        yaml,
        files: { 'data/in.csv': '1,2\n', 'data/folder/x': '1', 'out/old': 'old' },
      });
      expect(outcomeOf(await project.run(), 'a')).toMatchObject({
        status: 'failed',
        error: { code: 'HF_RUN_INPUT_CHANGED', exit: 1 },
      });
      expect(readdirSync(project.path('out'))).toEqual(['old']);
      expect(project.read('out/old')).toBe('old');
      expect(await runsIn(project)).toEqual([]);
    });
  }

  test('an input that is not there, and that no stage makes', async () => {
    const project = await newTestProject({
      yaml: yamlOf({ a: { inputs: ['nowhere.csv'], outputs: ['o'] } }),
      files: { o: 'old' },
    });
    const { error } = outcomeOf(await project.run(), 'a');
    expect(error).toMatchObject({ code: 'HF_INPUT_MISSING', exit: 2, where: 'nowhere.csv' });
    expect(project.read('o')).toBe('old');
  });

  test('an output that is not written', async () => {
    const project = await newTestProject({
      yaml: yamlOf({ a: { outputs: ['o', 'p'], command: 'echo 1 > o' } }),
      files: { o: 'old', p: 'old' },
    });
    expect(outcomeOf(await project.run(), 'a').error).toMatchObject({ code: 'HF_RUN_OUTPUT_MISSING', where: 'p' });
    expect([project.read('o'), project.read('p')]).toEqual(['old', 'old']);
  });

  test('data that is not what its source pins: nothing is run on it', async () => {
    const yaml = tinyYaml
      .replace(
        'artifacts:',
        `sources: { bureau: { uri: "https://data.example/raw.csv", sha256: ${'ab'.repeat(32)} } }\nartifacts:`,
      )
      .replace('kind: dataset }', 'kind: dataset, source: bureau }');
    const project = await newTestProject({ yaml });
    const { error, status } = outcomeOf(await project.run(), 'prepare');
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'HF_SOURCE_MISMATCH', exit: 1, where: 'data/raw.csv' });
    expect((error as unknown as { fix: string }).fix).toContain('https://data.example/raw.csv');
    expect(existsSync(project.path('build/train.csv'))).toBe(false);
  });

  test('checks that nobody could do are refused before anything runs', async () => {
    for (const [checks, code] of [
      ['[model.fromat]', 'HF_CHECK_UNKNOWN'],
      ['[{ scan: { strict: true } }]', 'HF_CHECK_OPTIONS'],
    ] as const) {
      const project = await newTestProject({ yaml: tinyYaml.replace('[scan]', checks) });
      await expect(project.run()).rejects.toMatchObject({ code, exit: 2 });
      expect(existsSync(project.path('build'))).toBe(false);
    }
  });

  test('a run without a key that may sign it', async () => {
    const project = await newTestProject({ keys: { builder: ['builder'], other: ['approver'] } });
    await expect(project.run()).rejects.toMatchObject({ code: 'HF_NO_SIGNER', exit: 2 });
    const second = await newTestProject({ keys: { somebody: ['builder'], checker: ['checker'] } });
    const { error } = outcomeOf(await second.run(), 'prepare');
    expect(error).toMatchObject({
      code: 'HF_NO_SIGNER',
      message: 'the key `builder` is not here; it needs the role builder',
    });
  });
});

describe('metrics', () => {
  const files: Record<string, string> = {
    'no JSON': 'accuracy: 0.9',
    'NaN, which JSON does not have': '{"accuracy": NaN}',
    'a number too large for a double': '{"accuracy": 1e999}',
    'a number in text': '{"accuracy": "0.9"}',
    nothing: '',
    null: 'null',
    'a list': '[0.9]',
    'a number': '0.9',
    'an empty object': '{}',
    'a nested object': '{"test": {"accuracy": 0.9}}',
    'a truth value': '{"accuracy": true}',
    'a name with a dot': '{"test.accuracy": 0.9}',
    'a name that is empty': '{"": 0.9}',
    'a name of 65 letters': `{"${'a'.repeat(65)}": 0.9}`,
    'a name that means something else': '{"__proto__": 0.9}',
    'more than a thousand': JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`m${at}`, at]))),
    'more than 1 MiB': `{"accuracy": 0.9${' '.repeat(1024 * 1024)}}`,
  };
  test('that are not a flat object of numbers fail the stage, and leave no evidence', async () => {
    const stages = Object.fromEntries(
      Object.keys(files).map((_, at) => [
        `s${at}`,
        { command: `cp given/${at} m/${at}`, inputs: [`given/${at}`], metrics: `m/${at}` },
      ]),
    );
    const given = Object.fromEntries(Object.values(files).map((text, at) => [`given/${at}`, text]));
    const project = await newTestProject({ yaml: yamlOf(stages), files: given });
    const { stages: outcomes } = await project.run();
    const codes = Object.keys(files).map((name, at) => [
      name,
      (outcomes.find(({ stage }) => stage === `s${at}`)?.error as { code?: string } | undefined)?.code,
    ]);
    expect(codes).toEqual(Object.keys(files).map((name) => [name, 'HF_METRICS_FORMAT']));
    expect(await runsIn(project)).toEqual([]);
  });

  test('are about the outputs of a stage that reads no model', async () => {
    const project = await newTestProject({
      yaml: yamlOf({
        a: { command: 'echo 1 > o; echo \'{"rows": 1, "loss": -0.5e-3}\' > m.json', outputs: ['o'], metrics: 'm.json' },
      }),
      files: {},
    });
    await project.run();
    const [report] = (await project.view()).evidence.flatMap((piece) => evidenceAs('check', piece) ?? []);
    expect(report?.statement.subject.map(({ name }) => name)).toEqual(['o', 'm.json']);
    expect(report?.statement.predicate.metrics).toEqual({ rows: 1, loss: -0.0005 });
  });
});

describe('an interrupted run', () => {
  test('is over when it says so: no process, no half-written output, a ledger that is free', async () => {
    const stage = (name: string): object => ({
      command: `echo half > ${name}; echo on > on-${name}; sleep 30; echo done > ${name}`,
      outputs: [name],
    });
    const project = await newTestProject({
      yaml: yamlOf({ a: stage('a'), b: stage('b') }),
      files: { a: 'old', b: 'old' },
    });
    const abort = new AbortController();
    const running = project.run({ signal: abort.signal });
    const refused = expect(running).rejects.toMatchObject({ code: 'HF_RUN_INTERRUPTED', exit: 3 });
    const wanted = Math.min(2, availableParallelism());
    await eventually(() => ['a', 'b'].filter((name) => existsSync(project.path(`on-${name}`))).length >= wanted);
    abort.abort();
    await refused;
    expect([project.read('a'), project.read('b')]).toEqual(['old', 'old']);
    if (process.platform === 'linux') expect(pidsWith('cmdline', `on > on-`)).toEqual([]);
    expect(await runsIn(project)).toEqual([]);
    project.write('holdfast.yaml', yamlOf({ a: { command: 'echo new > a', outputs: ['a'] } }));
    expect(statuses(await project.run())).toEqual({ a: 'ran' });
  });
});

describe('what a run does not start on', () => {
  test('evidence from the future: the clock is wrong, or somebody lies', async () => {
    const project = await newTestProject();
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    await project.record(approvalOf({ sha256: 'ab'.repeat(32) }, { approvedOn: inAnHour }), 'approver');
    await expect(project.run()).rejects.toMatchObject({ code: 'HF_CLOCK', exit: 3 });
    const second = await newTestProject();
    const inAMinute = new Date(Date.now() + 60_000).toISOString();
    await second.record(approvalOf({ sha256: 'ab'.repeat(32) }, { approvedOn: inAMinute }), 'approver');
    expect(statuses(await second.run())).toMatchObject({ prepare: 'ran' });
  });

  test('a ledger that is older than the one seen before', async () => {
    const project = await newTestProject();
    await project.run();
    cpSync(project.path('.holdfast/ledger'), project.path('older'), { recursive: true });
    await project.sign();
    await project.view();
    rmSync(project.path('.holdfast/ledger'), { recursive: true });
    cpSync(project.path('older'), project.path('.holdfast/ledger'), { recursive: true });
    await expect(project.run()).rejects.toMatchObject({ code: 'HF_LEDGER_ROLLED_BACK', exit: 3 });
  });

  test('another ledger of the same size, or a memory that cannot be read', async () => {
    const project = await newTestProject();
    await project.run();
    const seen = project.read('.holdfast/seen.json');
    const other = Buffer.alloc(32, 7).toString('base64');
    project.write('.holdfast/seen.json', seen.replace(/"rootHash":"[^"]*"/, `"rootHash":"${other}"`));
    await expect(project.run()).rejects.toMatchObject({ code: 'HF_LEDGER_FORKED', exit: 1 });
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"origin":"other.example","size":1,"rootHash":""}',
      seen.replace(/"size":\d+/, '"size":-1.5'),
    ]) {
      project.write('.holdfast/seen.json', text);
      await expect(project.view()).rejects.toMatchObject({ code: 'HF_LEDGER_ROLLED_BACK' });
    }
  });

  test('evidence that was changed', async () => {
    const project = await newTestProject();
    await project.run();
    const [shard = ''] = readdirSync(project.path('.holdfast/evidence'));
    const [name = ''] = readdirSync(project.path(`.holdfast/evidence/${shard}`));
    const file = `.holdfast/evidence/${shard}/${name}`;
    const text = project.read(file);
    project.write(
      file,
      text.replace(/"payload":"(.)/, (_, first: string) => `"payload":"${first === 'e' ? 'f' : 'e'}`),
    );
    await expect(project.run()).rejects.toMatchObject({ name: 'EvidenceError', exit: 1 });
    rmSync(project.path(file));
    await expect(project.run()).rejects.toMatchObject({ name: 'EvidenceError', code: 'HF_EVIDENCE_GAP' });
    project.write(file, text);
    expect(statuses(await project.run())).toMatchObject({ train: 'current' });
  });
});
