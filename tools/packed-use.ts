import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplesOfMarkdown } from './doc-examples.ts';
import { outsideEnvironment } from './installed.ts';
import { execute, programOf } from './process.ts';
import { publishedPackages, root, textOf } from './repository.ts';

/** A pipeline without dependencies, for any Node. */
const project: Readonly<Record<string, string>> = {
  'data/points.csv': `x,label\n${Array.from({ length: 40 }, (_, i) => `${i / 40},${i < 20 ? 0 : 1}`).join('\n')}\n`,
  'train.mjs': `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const rows = readFileSync('data/points.csv', 'utf8').trim().split('\\n').slice(1).map((row) => row.split(',').map(Number));
const ones = rows.filter(([, label]) => label === 1).map(([x]) => x);
mkdirSync('build', { recursive: true });
writeFileSync('build/model.json', JSON.stringify({ threshold: Math.min(...ones) }));
`,
  'evaluate.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { threshold } = JSON.parse(readFileSync('build/model.json', 'utf8'));
writeFileSync('build/metrics.json', JSON.stringify({ accuracy: threshold > 0 ? 1 : 0 }));
`,
};

interface Launcher {
  readonly name: string;
  readonly words: readonly string[];
}

interface Expected {
  readonly words: readonly string[];
  readonly status: number;
  readonly says: string;
}

/** What each command has to say; a gate denies, for want of a second person. */
const uses: readonly Expected[] = [
  { words: ['--version'], status: 0, says: 'holdfast 0.' },
  { words: ['init', '--yes'], status: 0, says: 'holdfast run' },
  { words: ['doctor'], status: 0, says: 'Node' },
  { words: ['run'], status: 0, says: 'train' },
  { words: ['status'], status: 0, says: 'train' },
  { words: ['gate', 'model', '--to', 'production'], status: 1, says: 'DENIED' },
  { words: ['ledger', 'verify'], status: 0, says: '' },
];

/**
 * Uses the packages that are installed in a folder, and says what does not work, one line each.
 * @param say is told each step
 */
export async function packedProblems(folder: string, say: (line: string) => void): Promise<string[]> {
  const bin = join(folder, 'node_modules', 'holdfast', 'bin', 'holdfast.js');
  const machine = await execute('node', ['--version'], { env: outsideEnvironment() });
  const launchers: Launcher[] = [
    { name: 'npx', words: ['npx', 'holdfast'] },
    { name: `the machine's Node ${machine.output.trim()}`, words: ['node', bin] },
    { name: `Node ${process.version}`, words: [process.execPath, bin] },
  ];
  const problems: string[] = [];
  for (const launcher of launchers) problems.push(...(await useCommand(folder, launcher, say)));
  problems.push(...(await useDeclarations(folder)));
  say('the examples in the READMEs compile against what is installed');
  return problems;
}

async function useCommand(folder: string, { name, words }: Launcher, say: (line: string) => void): Promise<string[]> {
  const place = join(folder, 'project');
  rmSync(place, { recursive: true, force: true });
  for (const [path, text] of Object.entries(project)) {
    mkdirSync(join(place, path, '..'), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  const problems: string[] = [];
  for (const use of uses) {
    const [program = '', ...before] = words;
    const ended = await execute(program, [...before, ...use.words], { folder: place, env: outsideEnvironment() });
    const asExpected = ended.status === use.status && ended.output.includes(use.says);
    say(`${asExpected ? '✓' : '✗'} ${name}: holdfast ${use.words.join(' ')}`);
    if (asExpected) continue;
    problems.push(
      `${name}: \`holdfast ${use.words.join(' ')}\` ended with ${ended.status}, not ${use.status} and \`${use.says}\`:\n${ended.output}`,
    );
  }
  return problems;
}

/** Compiles the READMEs' examples against the declarations as they are installed, strictly and without our condition. */
async function useDeclarations(folder: string): Promise<string[]> {
  const place = join(folder, 'types');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  for (const name of publishedPackages) {
    const path = `packages/${name}/README.md`;
    for (const [index, { code }] of examplesOfMarkdown({ path, text: textOf(path) }).entries()) {
      writeFileSync(join(place, `${name}-${index}.ts`), `${code}\nexport {};\n`);
    }
  }
  const base = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')) as { compilerOptions: object };
  const options = {
    ...base.compilerOptions,
    customConditions: [],
    noEmit: true,
    skipLibCheck: false,
    typeRoots: ['../node_modules/@types'],
  };
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  cpSync(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'), {
    recursive: true,
  });
  cpSync(join(root, 'node_modules', 'undici-types'), join(folder, 'node_modules', 'undici-types'), { recursive: true });
  const { status, output } = await execute(process.execPath, [
    programOf('typescript', 'tsc'),
    '-p',
    place,
    '--pretty',
    'false',
  ]);
  return status === 0 ? [] : [output];
}
