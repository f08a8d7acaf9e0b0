import { openProject } from '@holdfast/pipeline/project';
import { recordGatewayResponse } from '@holdfast/pipeline/serving/record-response';
import { type CommandModule, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { currentResponses } from '../gateway/current-responses.ts';

/** Ends what a gateway does about a caller: it is on record, and every replica goes by it. */
export const run: CommandModule['run'] = async (invocation) => {
  const [name = ''] = invocation.arguments;
  const project = await openProject(invocation.folder);
  const current = await currentResponses(project, new Date());
  const about = current.filter(({ response: { caller = 'everybody' } }) => caller === name || caller === `key:${name}`);
  if (about.length === 0) {
    throw new CliError('HF_CLI_USAGE', `nothing is done about a caller \`${name.slice(0, 200)}\` at present`, {
      fix: 'holdfast caller list',
    });
  }
  const changedOn = new Date().toISOString();
  const pardoned = [];
  for (const { found, response } of about) {
    const { environment, route, to, caller } = response;
    const pardon = {
      ...{ gateway: 'pardon', environment, route, ...(caller === undefined ? {} : { caller }) },
      ...({ from: to, to: 'none', reason: 'pardoned', points: 0, changedOn, until: changedOn } as const),
    };
    await recordGatewayResponse(project, found, pardon, textOption(invocation, 'key'));
    pardoned.push({ model: found.path, route, was: to });
  }
  return {
    exit: 0,
    lines: pardoned.map(({ model, route, was }) => `${name} is pardoned: ${was} on ${route}, ${model}`),
    result: { name, pardoned },
  };
};
