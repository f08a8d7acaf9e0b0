// `npm run pack-test`: what users get. Builds and packs every package, installs the tarballs in an empty folder, and uses
// them there: the command on the Node that the machine has and on Node 24, and the declarations in somebody's TypeScript.
import { rmSync } from 'node:fs';
import { installPacked } from './installed.ts';
import { packedProblems } from './packed-use.ts';

const folder = await installPacked();
const problems = await packedProblems(folder, (line) => {
  console.log(line);
});
rmSync(folder, { recursive: true, force: true });
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? 'packed, installed and used' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
