// `npm run build`: JavaScript and declarations of every published package into its `dist`.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { executeTool } from './process.ts';
import { publishedPackages, root } from './repository.ts';

// What is left of a file that is gone would be packed with the rest.
for (const name of publishedPackages) rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });

const { status } = await executeTool('typescript', ['-b', ...publishedPackages.map((name) => `packages/${name}`)], {
  command: 'tsc',
  shown: true,
});
const missing = publishedPackages.filter(
  (name) => !['index.js', 'main.js'].some((file) => existsSync(join(root, 'packages', name, 'dist', file))),
);
if (status === 0 && missing.length > 0) console.error(`build: nothing was written for ${missing.join(', ')}`);
process.exitCode = status === 0 && missing.length === 0 ? 0 : 1;
