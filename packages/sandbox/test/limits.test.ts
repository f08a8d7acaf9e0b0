import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adoptOutputs, bubblewrapIsolation, findToolchain, type Limits, type SandboxError } from '@holdfast/sandbox';
import { openGroups } from '@holdfast/sandbox/control-groups';
import { launch } from '@holdfast/sandbox/launch';
import { applyLimits } from '@holdfast/sandbox/limits';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

const megabyte = 1 << 20;
/** A machine without control groups. */
const noGroups = (limits: Limits, runId: string) => openGroups(limits, runId, { self: '/nowhere' });
const everything: Limits = { memoryBytes: megabyte, cpus: 0.5, processCount: 7, openFiles: 50, outputBytes: 1000 };

describe('limits', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  it('are kept by resource limits where there are no control groups, and what is not is told', () => {
    const { outside, inside, enforced, notEnforced } = applyLimits(everything, 'r1', { groupsOf: noGroups });
    const isRoot = process.geteuid?.() === 0;
    expect(outside).toEqual([]);
    const processes = isRoot ? [] : ['--nproc=7'];
    expect(inside).toEqual([
      'prlimit',
      `--data=${megabyte}`,
      ...processes,
      '--nofile=50',
      '--fsize=1000',
      '--core=0',
      '--',
    ]);
    expect(enforced).toEqual({
      memory: `${megabyte} per process`,
      ...(isRoot ? {} : { 'process-count': '7' }),
      'open-files': '50 per process',
      'output-size': '1000 per file',
    });
    expect(notEnforced).toEqual(['memory', 'cpus', ...(isRoot ? ['process-count'] : [])]);
  });

  it('leave room for what the sandbox itself runs, and tell what the command may have', () => {
    const counts: (number | undefined)[] = [];
    const groupsOf = (limits: Limits) => {
      counts.push(limits.processCount);
      return { join: [], enforced: { 'process-count': String(limits.processCount) }, release: () => undefined };
    };
    expect(applyLimits({ processCount: 7 }, 'r1', { groupsOf, ownTasks: 5 }).enforced).toEqual({
      'process-count': '7',
    });
    expect(counts).toEqual([7 + 5]);
  });

  it('that were not asked for are not set', () => {
    const { inside, outside, enforced, notEnforced } = applyLimits({}, 'r1');
    expect([inside, outside, enforced, notEnforced]).toEqual([['prlimit', '--core=0', '--'], [], {}, []]);
  });

  it.each([
    { memoryBytes: 0 },
    { memoryBytes: -1 },
    { memoryBytes: 1.5 },
    { cpus: 0 },
    { cpus: Number.NaN },
    { cpus: Infinity },
    { processCount: 2 ** 60 },
    { openFiles: Number.NaN },
  ])('are refused: %o', (limits) => {
    const refused = expect.objectContaining<Partial<SandboxError>>({ code: 'HF_SANDBOX_REQUEST' });
    expect(() => applyLimits(limits, 'r1')).toThrow(refused);
    expect(() => applyLimits({}, '../../x')).toThrow(refused);
  });

  it('do not make files in a folder that is no control group', () => {
    const folder = join(scene.root, 'group');
    mkdirSync(folder);
    scene.write('self/cgroup', '3:memory:/\n0::/\n');
    scene.write('self/mountinfo', `30 25 0:26 / ${folder} rw - cgroup cgroup rw,memory\n`);
    const groups = openGroups({ memoryBytes: megabyte }, 'r1', { self: join(scene.root, 'self') });
    expect(groups).toMatchObject({ join: [], enforced: {} });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('read whatever the kernel says about control groups', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('0::/', '4:memory:/a', '4:memory:/../..', '1 2 3:4 / /nowhere rw - cgroup2 none rw', ' - '),
    );
    const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (cgroup, mountinfo) => {
        scene.write('self/cgroup', cgroup);
        scene.write('self/mountinfo', mountinfo);
        expect(openGroups(everything, 'r1', { self: join(scene.root, 'self') })).toMatchObject({
          join: [],
          enforced: {},
        });
      }),
      { numRuns: 50 },
    );
  });

  async function run(command: string, limits: Limits) {
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    const request = scene.request(command, { limits, writable: [join(scene.project, 'out')] });
    const isolated = await isolation.wrap(request);
    return { ...(await launch(isolated)), enforced: isolated.enforcement.enforced, staging: request.staging! };
  }

  it('hold for memory, files and the size of an output', async (context) => {
    needsBubblewrap(context);
    const hog = `head -c ${300 * megabyte} /dev/zero | tail | wc -c`;
    expect((await run(hog, { memoryBytes: 64 * megabyte })).stdout).not.toContain(String(300 * megabyte));
    expect((await run(hog, {})).stdout).toContain(String(300 * megabyte));
    expect((await run('ulimit -n', { openFiles: 77 })).stdout).toBe('77\n');
    const { staging, stdout } = await run('head -c 5000 /dev/zero > out; wc -c < out', { outputBytes: 4096 });
    expect(stdout).toBe('4096\n');
    const adoption = adoptOutputs(staging, scene.project, ['out'], { maximumBytes: 4095 });
    await expect(adoption).rejects.toThrow(/larger/);
  });

  it('leave no control group', async (context) => {
    needsBubblewrap(context);
    const { enforced, code } = await run('true', { processCount: 20, memoryBytes: 64 * megabyte, cpus: 1 });
    if (!enforced['process-count']) context.skip('needs a control group or another user than root');
    expect(code).toBe(0);
    const made = openGroups({ processCount: 5 }, 'gone');
    made.release();
    for (const file of made.join) expect(existsSync(file)).toBe(false);
  });
});
