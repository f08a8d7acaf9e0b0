// `npm run check`: everything about the repository that a machine can decide. `--fix` formats and generates first.
import { styleText } from 'node:util';
import { type Ended, execute, executeTool } from './process.ts';

interface Step {
  readonly name: string;
  readonly run: () => Promise<Ended>;
}

const tool = (name: string, tool: string, words: readonly string[], command?: string): Step => ({
  name,
  run: async () => executeTool(tool, words, command === undefined ? {} : { command }),
});
const own = (name: string, script: string, ...words: string[]): Step => ({
  name,
  run: async () =>
    execute(process.execPath, [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      `tools/${script}`,
      ...words,
    ]),
});

const fixes: readonly Step[] = [
  own('generate', 'generate.ts'),
  tool('format', '@biomejs/biome', ['check', '--write', '--error-on-warnings', '.']),
];

const cache = 'node_modules/.cache';
const steps: readonly Step[] = [
  tool('types', 'typescript', ['-p', 'tsconfig.json', '--pretty', 'false'], 'tsc'),
  {
    name: 'lint',
    // Types of the whole repository take more than the 4 GiB that Node allows itself.
    run: async () =>
      executeTool('eslint', ['--cache', '--cache-location', `${cache}/eslint/`, '--max-warnings', '0', '.'], {
        env: { ...process.env, NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --max-old-space-size=6144` },
      }),
  },
  tool('format', '@biomejs/biome', ['check', '--error-on-warnings', '--reporter=summary', '.']),
  tool(
    'import rules',
    'dependency-cruiser',
    ['--config', '.dependency-cruiser.cjs', 'packages', 'tools', 'bench', 'examples'],
    'depcruise',
  ),
  tool(
    'verifier in a browser',
    'dependency-cruiser',
    ['--config', 'tools/verifier-rules.cjs', 'packages/ledger/src', 'packages/evidence/src'],
    'depcruise',
  ),
  tool('dead code', 'knip', ['--no-progress'], 'knip'),
  own('packages', 'package-check.ts'),
  own('generated files', 'generate.ts', '--check'),
  own('documentation examples', 'documentation-check.ts'),
  tool('API reference', 'typedoc', ['--logLevel', 'Warn', '--emit', 'none', '--treatWarningsAsErrors']),
  own('error codes', 'error-code-check.ts'),
  own('names and words', 'wording-check.ts'),
];

async function carryOut({ name, run }: Step): Promise<boolean> {
  const began = performance.now();
  const { status, output } = await run();
  const passed = status === 0;
  const mark = passed ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${mark} ${name.padEnd(24)} ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s`);
  if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  return passed;
}

const words = process.argv.slice(2);
const isFix = words.includes('--fix');
const only = words.filter((word) => !word.startsWith('--'));
const chosen = (isFix ? fixes : steps).filter(({ name }) => only.length === 0 || only.includes(name));
if (chosen.length === 0) {
  console.error(`check: there is ${steps.map(({ name }) => `\`${name}\``).join(', ')}`);
  process.exit(2);
}

const failed: string[] = [];
for (const step of chosen) if (!(await carryOut(step))) failed.push(step.name);
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${chosen.length} failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
