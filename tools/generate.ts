// `npm run generate`: writes what is derived from sources; with `--check` only says what is not current.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generate/files.ts';
import { filesBelow, root, shown } from './repository.ts';

const isCheck = process.argv.includes('--check');
const files = await generatedFiles();

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Generated once, and no longer: a command or a predicate that is gone. */
const left = [
  ...filesBelow('docs/reference', { without: ['api'] }),
  ...filesBelow('spec/predicates', { ends: ['.schema.json'] }),
]
  .map(shown)
  .filter((path) => !files.has(path));
const changed = [...files].filter(([path, text]) => current(path) !== text).map(([path]) => path);

for (const path of left) {
  console.log(isCheck ? `${path}: nothing generates it any more` : `removed ${path}`);
  if (!isCheck) rmSync(join(root, path));
}
for (const path of changed) {
  console.log(isCheck ? `${path}: not current` : `wrote ${path}`);
  if (isCheck) continue;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), files.get(path) ?? '');
}
if (isCheck && left.length + changed.length > 0) {
  console.log('Do: npm run generate');
  process.exitCode = 1;
}
