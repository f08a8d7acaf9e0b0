import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { needsBubblewrap, Scene } from './scene.ts';
import { answerLines, formatScript, normalise, parseScript, type Step } from './script.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const scenes = {
  nothing: new Scene('nothing', 'one'),
  sandbox: new Scene('sandbox', 'one'),
  processes: new Scene('nothing', 'each'),
};
/** Scripts that start a process for each command; in the long suite all of them do. */
const inProcesses: readonly string[] = ['help.txt', 'run-failed.txt'];
/** `HOLDFAST_GOLDEN=update`: writes what came back into the scripts, for somebody to read before it is committed. */
const updating = process.env['HOLDFAST_GOLDEN'] === 'update';

afterAll(() => {
  for (const scene of Object.values(scenes)) scene.remove();
});

/** The first word of a script's first comment says where it plays: `# In an empty folder: …`. */
function stage(text: string, scene: Scene): Promise<string> | string {
  if (text.startsWith('# In an empty folder')) return scene.folder();
  if (text.startsWith('# In a pipeline')) return scene.pipeline();
  if (text.startsWith('# In a project')) return scene.project();
  throw new Error('the script does not say where it plays');
}

/** `sandbox-*.txt` plays on a machine that has one, every other script on one that has none. */
function sceneOf(file: string): Scene {
  if (file.startsWith('sandbox-')) return scenes.sandbox;
  return inProcesses.includes(file) ? scenes.processes : scenes.nothing;
}

async function play(file: string): Promise<void> {
  const text = readFileSync(join(folder, file), 'utf8');
  const scene = sceneOf(file);
  const script = parseScript(text);
  const home = await stage(text, scene);
  for (const { path, text: content } of script.files) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content);
  }
  const steps: Step[] = [];
  for (const step of script.steps) {
    const answer = await scene.type(step.command, home);
    if (!step.command.startsWith('cat ')) requireReadable(answer.stdout + answer.stderr);
    const lines = answerLines({
      ...answer,
      stdout: normalise(answer.stdout, home),
      stderr: normalise(answer.stderr, home),
    });
    if (!updating) expect(lines, `$ ${step.command}`).toEqual(step.expected);
    steps.push({ ...step, expected: lines });
  }
  if (updating) writeFileSync(join(folder, file), formatScript({ files: script.files, steps }));
}

/** Lines fit into 80 columns, paths, digests and JSON excepted; nothing is painted in a pipe. */
function requireReadable(output: string): void {
  expect(output).not.toContain('\u001b');
  for (const line of output.split('\n')) {
    const exempt = /[0-9a-f]{40}|\/holdfast-cli-|^\s*[{}"[\]]|[A-Za-z0-9+/=]{60}/.test(line);
    if (!exempt) expect(line.length, line).toBeLessThanOrEqual(80);
  }
}

describe('golden scripts', { timeout: 120_000 }, () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
    test(file.replace(/\.txt$/, ''), async (context) => {
      if (file.startsWith('sandbox-')) needsBubblewrap(context);
      await play(file);
    });
  }
});
