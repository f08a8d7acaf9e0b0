/**
 * How long a user waits for the command itself: `holdfast --version` and `holdfast verify ID` beside `node -e 0`,
 * interleaved in one run, through what npm installs and through the sources of a checkout.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installPacked } from '../tools/installed.ts';
import { root } from '../tools/repository.ts';

interface Row {
  readonly what: string;
  readonly 'median ms': number;
  readonly 'over node -e 0, ms': number;
  readonly 'goal ms': number | '';
}

const rounds = 15;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const rounded = (value: number): number => Number(value.toFixed(1));

/** examples/credit, run once, so that there is evidence; inside the repository, where its stages find their imports. */
function prepareProject(holdfast: string): { folder: string; id: string } {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build', 'bench-'));
  cpSync(join(root, 'examples', 'credit'), folder, {
    recursive: true,
    filter: (path) => !/[\\/](build|\.holdfast|node_modules)$/.test(path.slice(folder.length)),
  });
  const run = (...words: string[]): string =>
    execFileSync(process.execPath, [holdfast, ...words], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  run('init', '--yes');
  run('run');
  const listed = JSON.parse(run('evidence', 'list', '--json')) as { result: { evidence: { id: string }[] } };
  return { folder, id: listed.result.evidence.at(-1)?.id ?? '' };
}

function milliseconds(words: readonly string[], folder: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...words], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const spent = performance.now() - start;
  if (status !== 0) throw new Error(`\`${words.join(' ')}\` ended with ${String(status)}: ${stderr.toString()}`);
  return spent;
}

/** Runs the benchmark: about a minute, most of it building and installing. */
export async function run(): Promise<{ name: string; rows: Row[] }> {
  const installedIn = await installPacked();
  const installed = join(installedIn, 'node_modules', 'holdfast', 'bin', 'holdfast.js');
  const source = join(root, 'packages', 'cli', 'bin', 'holdfast.js');
  const { folder, id } = prepareProject(installed);
  const cases: { what: string; words: string[]; goal: number | '' }[] = [
    { what: 'node -e 0', words: ['-e', '0'], goal: '' },
    { what: 'holdfast --version, installed', words: [installed, '--version'], goal: 60 },
    { what: 'holdfast --version, from source', words: [source, '--version'], goal: 60 },
    { what: 'holdfast verify ID, installed', words: [installed, 'verify', id], goal: 250 },
    { what: 'holdfast verify ID, from source', words: [source, 'verify', id], goal: 250 },
  ];
  try {
    const spent = new Map(cases.map(({ what }) => [what, [] as number[]]));
    for (let round = -1; round < rounds; round += 1) {
      for (const { what, words } of cases) {
        const took = milliseconds(words, folder);
        if (round >= 0) spent.get(what)?.push(took);
      }
    }
    const floor = median(spent.get('node -e 0') ?? []);
    const rows = cases.map(({ what, goal }): Row => {
      const middle = median(spent.get(what) ?? []);
      return { what, 'median ms': rounded(middle), 'over node -e 0, ms': rounded(middle - floor), 'goal ms': goal };
    });
    return { name: `start-up, median of ${rounds}, interleaved`, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(installedIn, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { name, rows } = await run();
  console.log(name);
  console.table(rows);
}
