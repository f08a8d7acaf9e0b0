import { expect, test } from 'vitest';
import { forbiddenNames } from '../forbidden-names.ts';
import { forbiddenWords } from '../forbidden-words.ts';

test('a name says which concept it serves', () => {
  const paths = [
    'packages/a/src/util.ts',
    'tools/Helpers/x.ts',
    'src/key-manager.ts',
    'src/common/a.json',
    'a_utils.py',
  ];
  expect(forbiddenNames(paths)).toEqual(paths);
  expect(forbiddenNames(['src/utility-bill.ts', 'src/commonmark.ts', 'src/store.ts', 'docs/guides/first.md'])).toEqual(
    [],
  );
});

test('nothing that only one machine understands', () => {
  // Put together here, so that this file does not hold what it looks for.
  const mounted = ['', 'work', 'main'].join('/');
  const words = (text: string) => forbiddenWords([{ path: 'a.md', text }]).map((line) => line.replace(/.*is /, ''));
  expect(words('see /home/alice/x')).toEqual(['the home folder of somebody']);
  expect(words(`in ${mounted}`)).toEqual(['a path of one machine']);
  expect(words('pip install --index-url https://pypi.internal.example/simple x')).toHaveLength(2);
  expect(words('npm i --registry=http://localhost:4873')).toEqual(['the host of a registry']);
  expect(words('"resolved": "https://registry.npmmirror.com/a.tgz"')).toEqual(['the host of a registry']);
  expect(words(`the npm registry; $HOME/.cache; .${mounted}; https://data.example${mounted}; ~/.config`)).toEqual([]);
});
