import { join } from 'node:path';
import { seenLimits } from '@holdfast/sandbox/seen-limits';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('the limits of a process, as the kernel has them', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  function seen(cgroup: string, mounts: readonly [point: string, type: string, options: string][]) {
    scene.write('pid/cgroup', cgroup);
    const lines = mounts.map(
      ([point, type, options]) => `30 25 0:26 / ${join(scene.root, point)} rw - ${type} none rw,${options}`,
    );
    scene.write('self/mountinfo', lines.join('\n'));
    return seenLimits({ self: join(scene.root, 'pid'), mounts: join(scene.root, 'self') });
  }

  it('are those of its own groups, in version 1', () => {
    scene.write('memory/a/b/memory.limit_in_bytes', '268435456\n');
    scene.write('memory/a/memory.limit_in_bytes', '9223372036854771712\n');
    scene.write('cpu/a/b/cpu.cfs_quota_us', '37000\n');
    scene.write('cpu/a/b/cpu.cfs_period_us', '100000\n');
    scene.write('cpu/a/cpu.cfs_quota_us', '-1\n');
    scene.write('pids/a/b/pids.max', 'max\n');
    const groups = '4:memory:/a/b\n2:cpu,cpuacct:/a/b\n3:pids:/a/b\n0::/\n';
    expect(
      seen(groups, [
        ['memory', 'cgroup', 'memory'],
        ['cpu', 'cgroup', 'cpu,cpuacct'],
        ['pids', 'cgroup', 'pids'],
      ]),
    ).toEqual({ memoryBytes: 268_435_456, cpus: 0.37 });
  });

  it('are the smallest on the way up, in version 2', () => {
    scene.write('unified/pod/container/memory.max', 'max\n');
    scene.write('unified/pod/memory.max', '1048576\n');
    scene.write('unified/memory.max', '4194304\n');
    scene.write('unified/pod/container/cpu.max', '150000 100000\n');
    scene.write('unified/pod/cpu.max', 'max 100000\n');
    scene.write('unified/pod/container/pids.max', '55\n');
    expect(seen('0::/pod/container\n', [['unified', 'cgroup2', 'nsdelegate']])).toEqual({
      memoryBytes: 1_048_576,
      cpus: 1.5,
      processCount: 55,
    });
  });

  it('are none where nothing is to be read', () => {
    expect(seen('', [])).toEqual({});
    expect(seen('0::/\n4:memory:/x\n', [['nowhere', 'cgroup', 'memory']])).toEqual({});
    expect(seenLimits({ self: '/nowhere' })).toEqual({});
  });

  it('are numbers more than zero, whatever stands in the files', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (memory, cpu) => {
        scene.write('unified/memory.max', memory);
        scene.write('unified/cpu.max', cpu);
        for (const value of Object.values(seen('0::/\n', [['unified', 'cgroup2', 'x']])))
          expect(value).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});
