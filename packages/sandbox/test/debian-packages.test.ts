import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readDebianPackages } from '@holdfast/sandbox/debian-packages';
import { listFiles } from '@holdfast/sandbox/listing';
import { listRoot } from '@holdfast/sandbox/toolchain-roots';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scene } from './scene.ts';

describe('readDebianPackages', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  it('reads what dpkg wrote', () => {
    scene.write(
      'dpkg/status',
      'Package: dash\nStatus: install ok installed\nVersion: 0.5\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n',
    );
    scene.write('dpkg/info/dash.list', '/.\n/bin\n/bin/dash\n/usr/share/doc/dash\n');
    scene.write('dpkg/info/libc6:amd64.list', '/lib/ld.so\n');
    scene.write('dpkg/info/dash.md5sums', '0 bin/other\n');
    mkdirSync(join(scene.root, 'machine/lib'), { recursive: true });
    symlinkSync('usr/bin', join(scene.root, 'machine/bin'));
    const { versions, owners } = readDebianPackages(join(scene.root, 'dpkg'), join(scene.root, 'machine'))!;
    expect([...versions]).toEqual([['dash', '0.5']]);
    expect(owners.get('/usr/bin/dash')).toBe('dash');
    expect(owners.get('/lib/ld.so')).toBe('libc6');
    expect(owners.has('/bin/dash')).toBe(false);
    expect(readDebianPackages(join(scene.root, 'nowhere'))).toBeUndefined();
  });

  it('leaves to packages what dpkg says is theirs, and nothing else', async (context) => {
    if (!existsSync('/var/lib/dpkg/status')) context.skip('needs dpkg');
    const debian = readDebianPackages();
    const root = { path: '/usr/bin', kind: 'system' } as const;
    const listed = new Set((await listRoot(root, debian)).map(({ path }) => path));
    const all = (await listFiles('/usr/bin')).map(({ path }) => path);
    // a package that was built before /usr was merged has /bin/dash
    const names = all.flatMap((path) => [path, path.replace(/^\/usr/, '')]);
    const answer = execFileSync('sh', ['-c', 'dpkg-query -S "$@" 2>/dev/null || :', 'sh', ...names], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const lines = answer.split('\n').filter((line) => !line.startsWith('diversion by '));
    const owned = new Set(lines.map((line) => line.slice(line.indexOf(': ') + 2).replace(/^\/bin\//, '/usr/bin/')));
    expect(all.filter((path) => !listed.has(path)).sort()).toEqual(all.filter((path) => owned.has(path)).sort());
  });
});
