/**
 * Personal data in text: `recognisers` beside the pattern recognisers of Presidio, for the same types on the same file, each
 * round one after the other, by processor time; and the floor, one pass over the text that looks at every unit. Presidio does
 * without its language model and without words of context (bench/peers/recognisers.py says how), so its findings are those of
 * form and check alone. A finding is right where it is one of the values that were put into the file, from end to end.
 *
 * The peer: tools/peers/requirements-presidio.txt (into an environment `presidio`).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Recogniser } from '@holdfast/recognisers';
import { type Random, randomOf } from '@holdfast/statistics';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'presidio/bin/python');
const peer = join(root, 'bench/peers/recognisers.py');
const rounds = 3;
/** Units of each file; the peer needs seconds for them. */
const length = 150_000;
/** How often ours goes over the file in a round, so that there is something to measure. */
const repeats = 40;

/** What both know. */
const types = (
  'us-routing au-abn au-medicare au-tfn ca-sin credit-card crypto-bitcoin de-steuer-id email es-nif fi-hetu iban in-aadhaar ' +
  'in-gstin in-pan ipv4 ipv6 it-codice-fiscale it-partita-iva kr-rrn mac-address us-dea gb-nhs phone phone-national pl-pesel ' +
  'se-personnummer sg-nric th-identity tr-kimlik gb-nino url us-itin us-mbi us-npi us-ssn za-identity'
).split(' ');

interface Column {
  readonly kind: string;
  readonly types: readonly string[];
  readonly headers: { readonly helpful: string };
  readonly cells: readonly (string | null)[];
}

interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

interface Corpus {
  readonly text: string;
  /** Places of values of `types`, as `start end`. */
  readonly values: ReadonlySet<string>;
}

function tables(): readonly Table[] {
  const file = readFileSync(join(root, 'packages/data/test/fixtures/pii-columns.json.gz'));
  return (JSON.parse(gunzipSync(file).toString()) as { tables: readonly Table[] }).tables;
}

/** Text put together, which remembers where its values are. */
class Writer {
  text = '';
  readonly values = new Set<string>();

  write(text: string, isValue = false): void {
    if (isValue) this.values.add(`${this.text.length} ${this.text.length + text.length}`);
    this.text += text;
  }
}

function isShared({ kind, types: those }: Column): boolean {
  return kind === 'entity' && those.some((type) => types.includes(type));
}

/** Tables of customers: every second cell or so is somebody's. */
function csv(): Corpus {
  const writer = new Writer();
  for (const { rows, columns } of tables()) {
    writer.write(`${columns.map(({ headers }) => headers.helpful).join(',')}\n`);
    for (let row = 0; row < rows && writer.text.length < length; row++) {
      for (const column of columns) {
        writer.write(column.cells[row] ?? '', isShared(column));
        writer.write(column === columns.at(-1) ? '\n' : ',');
      }
    }
  }
  return writer;
}

const words =
  'the of and to a in that is was for it with as his on be at by had not are but from or have an they which one you were all her she there would their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over man me even most made after also did many before must through years much way well down should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since against go came right used take three'.split(
    ' ',
  );

/** Sentences; one in twenty names somebody's number. */
function prose(random: Random): Corpus {
  const columns = tables().flatMap((table) => table.columns.filter(isShared));
  const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)] as Item;
  const writer = new Writer();
  while (writer.text.length < length) {
    writer.write(Array.from({ length: 8 + random.integer(14) }, () => pick(words)).join(' '));
    if (random.integer(20) === 0) {
      const { headers, cells } = pick(columns);
      writer.write(`, ${headers.helpful}: `);
      writer.write(pick(cells) ?? '', true);
    }
    writer.write(random.integer(6) === 0 ? '.\n' : '. ');
  }
  return writer;
}

interface Measured {
  readonly cpu: number;
  readonly found: readonly (readonly [number, number])[];
}

function spent(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6 / repeats;
}

function ours(recogniser: Recogniser, text: string): Measured {
  let found: [number, number][] = [];
  const cpu = spent(() => {
    for (let time = 0; time < repeats; time++) {
      found = recogniser.recognise(text).map(({ start, end }): [number, number] => [start, end]);
    }
  });
  return { cpu, found };
}

const isDigit = Uint8Array.from({ length: 0x1_0000 }, (_, code) => (code >= 48 && code <= 57 ? 1 : 0));

function floor(text: string): Measured {
  let digits = 0;
  const cpu = spent(() => {
    for (let time = 0; time < repeats; time++) {
      for (let at = 0; at < text.length; at++) digits += isDigit[text.charCodeAt(at)] ?? 0;
    }
  });
  if (digits === 0) throw new Error('a text without digits');
  return { cpu, found: [] };
}

function presidio(file: string): Measured {
  return JSON.parse(execFileSync(python, [peer, file], { encoding: 'utf8', maxBuffer: 2 ** 28 })) as Measured;
}

function rowsOf(what: string, { text, values }: Corpus, file: string): BenchRow[] {
  writeFileSync(file, text);
  const [shared, all] = [new Recogniser({ types }), new Recogniser()];
  const cases: Readonly<Record<string, () => Measured>> = {
    [`recognisers, the same ${types.length} types`]: () => ours(shared, text),
    [`recognisers, all ${all.types.length} types`]: () => ours(all, text),
    'Presidio 2.2.366, its 36 pattern recognisers': () => presidio(file),
    'one pass over the text': () => floor(text),
  };
  const measured = new Map<string, Measured[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, work] of Object.entries(cases)) measured.get(name)?.push(work());
  }
  const best = (name: string): number => Math.min(...(measured.get(name) ?? []).map(({ cpu }) => cpu));
  const [first = ''] = Object.keys(cases);
  return Object.keys(cases).map((name) => {
    const found = new Set((measured.get(name)?.[0]?.found ?? []).map(([start, end]) => `${start} ${end}`));
    const right = [...found].filter((place) => values.has(place)).length;
    return {
      [`${what}, best of ${rounds}`]: name,
      'MB/CPU s': Number((Buffer.byteLength(text) / 1e6 / best(name)).toPrecision(3)),
      'CPU time, times ours': Number((best(name) / best(first)).toPrecision(3)),
      found: found.size,
      'of them right': right,
      'of values': values.size,
    };
  });
}

/** Runs the benchmark: about a minute. */
export function run(): BenchResult {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    if (!existsSync(python)) throw new Error(`there is no ${python}`);
    const file = join(folder, 'text');
    const rows = [
      ...rowsOf('sentences, a value in each twentieth', prose(randomOf('bench of recognisers')), file),
      ...rowsOf('tables of forty countries as CSV', csv(), file),
    ];
    return { name: 'recognisers', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
