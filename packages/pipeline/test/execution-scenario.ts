/**
 * A program for the tests to kill: one run from lock to commit, as a pipeline makes it, or only a recovery.
 * Arguments: `run` or `recover`, the project, the run id. Prints each phase when it begins, and one
 * line of JSON when it was let live.
 */
import { join } from 'node:path';
import { PipelineError } from '../src/errors.ts';
import { runCommand } from '../src/execution/command.ts';
import { acquireRunLock } from '../src/execution/lock.ts';
import { commitOutputs, prepareOutputs, restoreOutputs } from '../src/execution/outputs.ts';
import { recoverRuns } from '../src/execution/recovery.ts';
import { outputs, requestIn, slowCommand } from './execution-scene.ts';

const [what, project = '', runId = ''] = process.argv.slice(2);
const runFolder = join(project, '.holdfast/runs', runId);

async function run(): Promise<unknown> {
  const lock = await acquireRunLock(project);
  await recoverRuns(project, { lock });
  console.log('prepare');
  await prepareOutputs(outputs, runFolder);
  console.log('command');
  const result = await runCommand(requestIn(project, slowCommand, { runId, runFolder }));
  const isGood = result.failure === undefined && result.exitCode === 0;
  console.log('finish');
  await (isGood ? commitOutputs(runFolder) : restoreOutputs(runFolder));
  lock.release();
  return isGood ? 'committed' : (result.failure?.code ?? result.exitCode);
}

try {
  console.log(JSON.stringify(what === 'run' ? await run() : await recoverRuns(project)));
} catch (error) {
  console.log(JSON.stringify(error instanceof PipelineError ? error.code : String(error)));
}
