/**
 * A program for the tests to kill: one run whose command has secrets, prints them and waits.
 * Arguments: the project, the run id, `none` or `bubblewrap`; the secret is in CANARY. Prints a line when the command
 * has begun.
 */
import { join } from 'node:path';
import { runCommand } from '../src/execution/command.ts';
import { noIsolation } from '../src/execution/isolation.ts';
import { prepareOutputs } from '../src/execution/outputs.ts';
import { Secret } from '../src/execution/secrets.ts';
import { sandboxOf } from './canary.ts';
import { requestIn } from './execution-scene.ts';

const [project = '', runId = '', kind] = process.argv.slice(2);
const runFolder = join(project, '.holdfast/runs', runId);
const value = Buffer.from(process.env['CANARY'] ?? '');

await prepareOutputs([], runFolder);
await runCommand(
  requestIn(project, 'echo "$CANARY"; cat "$CANARY_KEY_FILE"; echo; sleep 300', {
    runId,
    runFolder,
    log: join(project, 'logs', `${runId}.log`),
    isolation: kind === 'bubblewrap' ? await sandboxOf(project) : noIsolation,
    secrets: [new Secret('CANARY', 'variable', value), new Secret('CANARY_KEY', 'file', value)],
    onOutput: () => {
      console.log('ready');
    },
  }),
);
