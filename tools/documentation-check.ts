// Compiles every TypeScript example in the documentation and in docstrings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileExamples, examplesOfMarkdown, examplesOfSource } from './doc-examples.ts';
import type { SourceText } from './error-codes.ts';
import { filesBelow, packageFolders, root, shown } from './repository.ts';

const read = (path: string): SourceText => ({ path: shown(path), text: readFileSync(path, 'utf8') });
const pages = filesBelow('.', { ends: ['.md'], without: ['api', 'vectors'] }).map(read);
const sources = packageFolders().flatMap((name) => filesBelow(`packages/${name}/src`, { ends: ['.ts'] }).map(read));
const examples = [...pages.flatMap(examplesOfMarkdown), ...sources.flatMap(examplesOfSource)];
const problems = compileExamples(examples, join(root, 'node_modules', '.cache', 'holdfast-examples'));
for (const problem of problems) console.log(problem);
console.log(`${examples.length} examples, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
