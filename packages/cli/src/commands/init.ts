import { type InitPlan, initProject, planInit } from '@holdfast/pipeline/init';
import { passphraseFromEnvironment } from '@holdfast/pipeline/project';
import { probeSandbox } from '@holdfast/sandbox/probe';
import { type CommandModule, type CommandResult, flag, textOption } from '../command.ts';
import { readRoles } from '../role-list.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const plan = await planInit(invocation.folder);
  const asked = flag(invocation, 'yes') ? true : await terminal.confirm(question(plan));
  if (asked === false) return { exit: 2, lines: ['Nothing was written.'], result: { written: [] } };
  const passphrase = flag(invocation, 'encrypt') ? await passphraseFromEnvironment('owner') : undefined;
  const name = textOption(invocation, 'name');
  const roles = textOption(invocation, 'roles');
  const { available } = await probeSandbox();
  const { written, key } = await initProject(plan, {
    ...(available ? { isolation: 'sandbox' } : {}),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(name === undefined ? {} : { keyName: name }),
    ...(roles === undefined ? {} : { roles: await readRoles(roles) }),
  });
  return {
    exit: 0,
    lines: report(plan, written),
    result: { found: plan.found, written, key: key.name, keyId: key.publicKey.id },
  };
};

function foundLine({ found, hasConfiguration }: InitPlan): string {
  const seen = [...(hasConfiguration ? ['holdfast.yaml'] : []), ...found.sources, ...found.data.slice(0, 3)];
  return seen.length === 0 ? 'nothing to make stages from yet' : seen.join(', ');
}

const question = (plan: InitPlan): string =>
  `Found  ${foundLine(plan)}\nWrite holdfast.yaml, a policy, a key and an empty ledger?`;

function report(plan: InitPlan, written: readonly { path: string; what: string }[]): CommandResult['lines'] {
  const width = Math.max(...written.map(({ path }) => path.length)) + 2;
  const lines = written.map(({ path, what }, at) => `${at === 0 ? 'Wrote  ' : '       '}${path.padEnd(width)} ${what}`);
  const doubts = plan.hasConfiguration ? [] : plan.found.doubts;
  return [
    `Found  ${foundLine(plan)}`,
    ...lines,
    ...doubts.map((doubt) => `Unsure ${doubt}`),
    `Next   ${doubts.length > 0 || plan.found.stages.length === 0 ? 'look at holdfast.yaml, then: holdfast run' : 'holdfast run'}`,
  ];
}
