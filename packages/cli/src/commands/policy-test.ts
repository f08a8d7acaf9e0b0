import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentPolicy } from '@holdfast/pipeline/gate';
import { openProject } from '@holdfast/pipeline/project';
import { runPolicyTests } from '@holdfast/policy/policy-test';
import type { CommandModule } from '../command.ts';
import { CliError } from '../errors.ts';
import { bad, good } from '../view-lines.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const environment = invocation.arguments[0] ?? Object.keys(project.config.environments)[0] ?? 'production';
  const { policy } = await environmentPolicy(project, environment);
  const file = (project.config.environments[environment]?.policy ?? '').replace(/\.cedar$/, '.test.json');
  const text = await readFile(join(project.folder, file), 'utf8').catch((cause: unknown) => {
    throw new CliError('HF_CLI_NOT_FOUND', `there are no cases beside the policy: \`${file}\` is missing`, {
      fix: 'write some: the guide to policies shows how',
      cause,
    });
  });
  const { passed, failed, results } = runPolicyTests(policy, readJson(text, file));
  return {
    exit: failed === 0 ? 0 : 1,
    lines: [
      ...results.flatMap(({ name, passed: ok, message }) =>
        ok ? good(terminal, name) : bad(terminal, `${name}: ${message}`),
      ),
      `${passed} passed, ${failed} failed`,
    ],
    result: {
      environment,
      passed,
      failed,
      results: results.map(({ name, passed: ok, message }) => ({ name, passed: ok, message })),
    },
  };
};

function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError('HF_CLI_USAGE', `\`${where}\` is not JSON`, { where, cause });
  }
}
