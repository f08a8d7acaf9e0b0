// `npm start`: the demo pipeline from data to gate, a tampering attempt, and what was proven. Ends by itself.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { serveForAWhile } from './tour-gateway.ts';
import { markerPickle } from './tour-pickle.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
let folder = join(root, 'build', 'tour');
const holdfast = join(root, 'packages', 'cli', 'bin', 'holdfast.js');
const began = performance.now();

const heading = (text: string): void => {
  console.log(`\n${styleText('bold', text)}`);
};
const say = (text: string): void => {
  console.log(text);
};

/** Runs a command as a user would, shows what it says, and stops the tour when it does not end as it should. */
function step(words: readonly string[], expected = 0): string {
  say(styleText('cyan', `\n$ holdfast ${words.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ')}`));
  // progress is for who watches: it goes where it is told from
  const done = spawnSync(process.execPath, [holdfast, ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(done.stdout);
  if (done.status !== expected) {
    console.error(`\nThe tour stops: this ended with ${String(done.status)}, and ${expected} was expected.`);
    process.exit(1);
  }
  return done.stdout;
}

/** The same without its words: what has been shown before. */
function quietly(words: readonly string[]): void {
  say(styleText('dim', `$ holdfast ${words.join(' ')}`));
  const done = spawnSync(process.execPath, [holdfast, ...words], { cwd: folder, encoding: 'utf8' });
  if (done.status === 0) return;
  process.stderr.write(done.stdout + done.stderr);
  process.exit(1);
}

/** Changes a file, and gives a way back. */
function change(path: string, what: string, made: (before: Buffer) => Uint8Array): () => void {
  const file = join(folder, path);
  const before = readFileSync(file);
  writeFileSync(file, made(before));
  say(`\n${styleText('yellow', '!')} ${what}`);
  return () => {
    writeFileSync(file, before);
  };
}

const flip = (path: string): (() => void) =>
  change(path, `one bit of ${path} is flipped`, (before) => {
    const after = Buffer.from(before);
    const middle = after.length >> 1;
    after[middle] = (after[middle] ?? 0) ^ 1;
    return after;
  });

function newestEvidence(): string {
  const evidence = join(folder, '.holdfast', 'evidence');
  const shard = readdirSync(evidence).sort()[0] ?? '';
  return join('.holdfast', 'evidence', shard, readdirSync(join(evidence, shard))[0] ?? '');
}

/** A fresh copy of an example, in which the next steps are taken. */
function enter(example: string, copy: string): void {
  folder = join(root, 'build', copy);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'examples', example), folder, {
    recursive: true,
    filter: (path) => !/[\\/](build|\.holdfast|node_modules)$/.test(path) && !path.endsWith('trust.json'),
  });
}

enter('credit', 'tour');
heading('Holdfast: every step leaves signed evidence; nothing ships without it');
say('A lender trains a model on (invented) applicants. Three keys: who builds, who checks, who approves.');

heading('1  A project');
step(['init', '--yes', '--roles', 'authority,builder']);
step(['key', 'create', 'checker', '--roles', 'checker']);
step(['key', 'create', 'approver', '--roles', 'approver']);

heading('2  The pipeline runs, and every step signs what it did');
const confined = step(['run']).includes('isolation: sandbox');
step(['sign', 'model']);

heading('3  The gate: the model’s builder cannot wave it through alone');
step(['gate', 'model', '--to', 'production'], 1);
step(['approve', 'model', '--reason', 'reviewed the report']);
step(['gate', 'model', '--to', 'production']);

heading('4  Somebody tampers');
for (const path of ['build/model/model.onnx', 'data/applicants.csv', newestEvidence(), '.holdfast/ledger/checkpoint']) {
  const restore = flip(path);
  step(['gate', 'model', '--to', 'production'], 1);
  restore();
}

heading('5  Somebody swaps the model for a malicious one');
const marker = 'it-ran';
const model = 'build/model/model.onnx';
const restoreModel = change(model, `${model} is a pickle now: opening it starts a program`, () => markerPickle(marker));
step(['gate', 'model', '--to', 'production'], 1);
step(['scan', model, '--explain'], 1);
restoreModel();
say(
  '\nThat was from outside. Now from inside: the training script itself adds the pickle, so that its provenance is in order.',
);
const hex = markerPickle(marker).toString('hex');
const restoreScript = change('train.ts', 'train.ts writes it to build/model/optimizer.pkl', (before) =>
  Buffer.concat([
    before,
    Buffer.from(
      `\nimport { writeFileSync as put } from 'node:fs';\nput('build/model/optimizer.pkl', Buffer.from('${hex}', 'hex'));\n`,
    ),
  ]),
);
step(['run'], 1);
step(['sign', 'model']);
step(['approve', 'model']);
step(['gate', 'model', '--to', 'production'], 1);
if (existsSync(join(folder, marker))) throw new Error('something opened the pickle');
restoreScript();

heading('6  An auditor, offline, with nothing but one archive and the trust file');
step(['evidence', 'export', 'credit-risk.holdfast']);
step(['verify', 'credit-risk.holdfast', '--offline', '--trust', 'policy/trust.json']);

heading('7  A model that is right, and easily misled');
say('Another project: a network that reads digits. Then somebody changes every pixel by at most 0.15 of its range.');
enter('digits', 'tour-digits');
quietly(['init', '--yes', '--roles', 'authority,builder']);
quietly(['key', 'create', 'checker', '--roles', 'checker']);
quietly(['key', 'create', 'approver', '--roles', 'approver']);
step(['run']);
for (const model of ['plain', 'hardened']) {
  quietly(['sign', model]);
  quietly(['approve', model]);
}
step(['gate', 'plain', '--to', 'production'], 1);
say('\nThe same network, taught by its own attacks (the stage `harden`):');
step(['gate', 'hardened', '--to', 'production']);

heading('8  Somebody plants something in the data');
say(
  'A partner of the lender delivers 600 more applicants. 150 of them teach the model to grant one kind of loan to anybody,',
);
say('and all come with their mail addresses, which nobody asked for.');
enter('credit', 'tour-partner');
cpSync(join(folder, 'partner.yaml'), join(folder, 'holdfast.yaml'));
const delivered = spawnSync(process.execPath, ['partner.ts'], { cwd: folder, encoding: 'utf8' });
if (delivered.status !== 0) throw new Error(delivered.stderr);
quietly(['init', '--yes', '--roles', 'authority,builder']);
quietly(['key', 'create', 'checker', '--roles', 'checker']);
quietly(['key', 'create', 'approver', '--roles', 'approver']);
step(['run'], 1);
quietly(['sign', 'model']);
quietly(['approve', 'model']);
step(['gate', 'model', '--to', 'production'], 1);
say('\nThe rows that are named are set aside, the addresses are taken out, and the pipeline goes on with the rest:');
step(['data', 'quarantine', 'applicants', '--output', 'data/kept.csv', '--set-aside', 'data/suspect.csv']);
step(['data', 'mask', 'data/kept.csv', '--plan', 'mask.yaml', '--output', 'data/clean.csv']);
change('holdfast.yaml', 'holdfast.yaml names data/clean.csv in place of the delivery', (before) =>
  Buffer.from(before.toString('utf8').replaceAll('data/delivery.csv', 'data/clean.csv')),
);
step(['run']);
quietly(['sign', 'model']);
quietly(['approve', 'model']);
step(['gate', 'model', '--to', 'production']);

heading('9  The model is served, and asked');
say('Its model server knows nothing of Holdfast. Before it stands the gateway, which asks the gate.');
await serveForAWhile(folder, { say, step });

heading('What was proven');
say(`  · which bytes went in and came out of every stage, signed by the builder
  · how good the model is, signed by the checker, on data it was not trained on
  · that a second person approved exactly these bytes
  · that changing one bit of model, data, evidence or ledger is noticed, and what it was
  · that a model that would start a program is stopped, although everybody had signed it; nothing opened it
  · how often a model errs when its inputs are changed to mislead it, measured on the very file that is deployed
  · that planted rows and personal data were found before they shipped, which rows, and what became of them; no value was shown
  · that only what still passes its gate is served, to whom policy lets ask, as often as agreed; each request is in a log that is evidence
  · every decision, computed again from the evidence by somebody who has only the archive
${confined ? '  · that the stages could read nothing but their inputs and their toolchain, and reach no network' : '  Not proven: that the stages read nothing else. They ran without a sandbox, and the evidence says so.'}`);
heading('What to try next');
say(`  cd build/tour && npx holdfast status
  npx holdfast revoke model --reason "wrong label in the source" && npx holdfast gate model
  npx holdfast init            in a folder of yours that has a train.py
  docs/guides/first-pipeline.md`);
say(`\nThe tour took ${((performance.now() - began) / 1000).toFixed(1)} s.`);
