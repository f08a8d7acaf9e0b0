import { describe, expect, it } from 'vitest';
import { judgeFolder } from '../src/folder/judge-folder.ts';
import { withFolderFindings } from '../src/folder/with-folder-findings.ts';
import type { FileResult } from '../src/index.ts';
import { scanBytes, temporaryFolder } from './files-scene.ts';

const folder = temporaryFolder();

/** Scans files one by one, and then judges them as they lie together. */
async function judge(
  files: Readonly<Record<string, string>>,
  links: readonly { path: string; target: string }[] = [],
): Promise<Readonly<Record<string, string>>> {
  const results: FileResult[] = [];
  for (const [path, content] of Object.entries(files)) {
    results.push({ ...(await scanBytes(folder, path.replaceAll('/', '_'), content)), path });
  }
  const judged = withFolderFindings(results, judgeFolder(results, links));
  return Object.fromEntries(
    judged.map(({ path, verdict, findings }) => [
      path,
      [verdict, ...findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('scan.folder'))].join(' '),
    ]),
  );
}

const autoMap = (name: string): string => `{"auto_map": {"AutoModel": "${name}"}}`;

describe('a folder as a whole', () => {
  it('in which a configuration has Python run: both fail', async () => {
    const files = {
      'config.json': autoMap('modeling_x.XModel'),
      'modeling_x.py': 'import os\n',
      'setup.py': 'x = 1\n',
    };
    expect(await judge(files)).toEqual({
      'config.json': 'fail scan.folder.code',
      'modeling_x.py': 'fail scan.folder.code',
      'setup.py': 'unknown',
    });
  });

  it('looks for the Python beside the configuration, not elsewhere', async () => {
    const files = {
      'a/config.json': autoMap('x.X'),
      'x.py': 'import os\n',
      'b/config.json': autoMap('y.z.X'),
      'b/y/z.py': 'x\n',
    };
    expect(await judge(files)).toEqual({
      ...{ 'a/config.json': 'unknown', 'x.py': 'unknown' },
      ...{ 'b/config.json': 'fail scan.folder.code', 'b/y/z.py': 'fail scan.folder.code' },
    });
  });

  it('that lacks weights which its index names is unknown', async () => {
    const index = '{"weight_map": {"a": "model-1.txt", "b": "model-2.txt"}}';
    expect(await judge({ 'm.index.json': index, 'model-1.txt': '' })).toMatchObject({
      'm.index.json': 'unknown scan.folder.missing',
    });
    expect(await judge({ 'm.index.json': index, 'model-1.txt': '', 'model-2.txt': '' })).toMatchObject({
      'm.index.json': 'pass',
    });
  });

  it('with names that some systems take for one is unknown', async () => {
    expect(await judge({ 'Config.txt': '', 'config.txt': '' })).toEqual({
      'Config.txt': 'pass',
      'config.txt': 'unknown scan.folder.collision',
    });
    expect(await judge({ 'é.txt': '', 'e\u0301.txt': '' })).toMatchObject({ 'é.txt': 'unknown scan.folder.collision' });
    expect(await judge({ 'a/x.txt': '', 'A/y.txt': '', 'b/x.txt': '' })).toMatchObject({
      'a/x.txt': 'pass',
      'A/y.txt': 'pass',
    });
  });

  it.each<[string, string, string]>([
    ['weights.bin', '/etc/passwd', 'fail scan.folder.link'],
    ['weights.bin', '../other/weights.bin', 'fail scan.folder.link'],
    ['a/weights.bin', 'b/../../../weights.bin', 'fail scan.folder.link'],
    ['a/weights.bin', '..', 'undefined'],
    ['a/weights.bin', '../b/weights.bin', 'undefined'],
  ])('with a link %s to %s: %s', async (path, target, verdict) => {
    expect(String((await judge({ 'x.txt': '' }, [{ path, target }]))[path])).toBe(verdict);
  });

  it('says on both files how one leads to the other', async () => {
    const results = [
      await scanBytes(folder, 'config.json', autoMap('modeling_x.XModel')),
      await scanBytes(folder, 'modeling_x.py', 'import os\n'),
    ];
    const [config, python] = withFolderFindings(results, judgeFolder(results));
    expect(config!.summary).toBe('it has `modeling_x.py` run');
    expect(python!.findings.at(-1)!.trail!.map(({ operation, text }) => `${operation} ${text}`)).toEqual([
      'config.json: auto_map names modeling_x.py',
      'import runs modeling_x.py',
    ]);
  });
});
