// No names that say nothing, and nothing that only one machine understands.
import { readFileSync } from 'node:fs';
import { forbiddenNames } from './forbidden-names.ts';
import { forbiddenWords } from './forbidden-words.ts';
import { filesBelow, shown } from './repository.ts';

const ends = ['.ts', '.js', '.mjs', '.cjs', '.json', '.md', '.yaml', '.yml', '.py', '.txt', '.cedar', '.sh', '.proto'];
const files = filesBelow('.').map(shown);
const texts = [...files.filter((path) => ends.some((end) => path.endsWith(end))), '.ci/run']
  .filter((path) => path !== 'package-lock.json' && !path.startsWith('tools/test/'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const problems = [
  ...forbiddenNames(files).map((path) => `${path}: named for no concept (util, common, helpers, manager …)`),
  ...forbiddenWords(texts),
];
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
