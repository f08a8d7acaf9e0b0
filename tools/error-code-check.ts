// Every error code is documented, raised somewhere and in some test.
import { readFileSync } from 'node:fs';
import { errorCodeProblems, type SourceText } from './error-codes.ts';
import { errorRegistries } from './error-registries.ts';
import { filesBelow, packageFolders, publishedPackages, shown, textOf } from './repository.ts';

const read = (path: string): SourceText => ({ path: shown(path), text: readFileSync(path, 'utf8') });
const below = (folder: string, ends: readonly string[]): SourceText[] => filesBelow(folder, { ends }).map(read);

const problems = errorCodeProblems({
  registries: await errorRegistries(),
  sources: publishedPackages.flatMap((name) => below(`packages/${name}/src`, ['.ts'])),
  tests: [
    ...packageFolders().flatMap((name) => below(`packages/${name}/test`, ['.ts', '.json', '.txt', '.golden'])),
    ...below('examples/test', ['.ts']),
    ...below('spec/vectors', ['.json', '.cedar', '.yaml', '.txt']),
  ],
  documentation: textOf('docs/errors.md'),
});
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
