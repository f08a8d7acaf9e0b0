// `npm run bench`: every benchmark, or the named ones: `npm run bench -- ledger policy`. `--write` puts all of them into
// docs/performance.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BenchResult, benchTables, betweenMarkers } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

interface Bench {
  readonly name: string;
  readonly run: () => BenchResult | Promise<BenchResult>;
}

async function benches(): Promise<Bench[]> {
  const files = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.ts') && file !== 'run.ts');
  const found = files.sort().map(async (file): Promise<Bench[]> => {
    const { run } = (await import(pathToFileURL(join(root, 'bench', file)).href)) as Partial<Bench>;
    return run === undefined ? [] : [{ name: file.slice(0, -'.ts'.length), run }];
  });
  return (await Promise.all(found)).flat();
}

const words = process.argv.slice(2);
const isWrite = words.includes('--write');
const named = words.filter((word) => !word.startsWith('--'));
const all = await benches();
const chosen = all.filter(({ name }) => named.length === 0 || named.includes(name));
const unknown = named.filter((name) => all.every((bench) => bench.name !== name));
if (unknown.length > 0 || (isWrite && named.length > 0)) {
  console.error(`bench: there is ${all.map(({ name }) => `\`${name}\``).join(', ')}; --write takes all of them`);
  process.exit(2);
}

const cores = cpus();
const machine =
  `${new Date().toISOString().slice(0, 10)}, ${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'}), ` +
  `Node ${process.versions.node}, ${process.platform}-${process.arch}.`;
console.log(machine);

const tables: string[] = [];
for (const { name, run } of chosen) {
  console.error(`bench: ${name} …`);
  const table = benchTables(await run());
  tables.push(table);
  console.log(`\n${table}`);
}
if (isWrite) {
  const page = join(root, 'docs', 'performance.md');
  writeFileSync(page, betweenMarkers(readFileSync(page, 'utf8'), [machine, ...tables].join('\n\n')));
}
