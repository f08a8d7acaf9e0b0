import { type InitPlan, initProject, planInit } from '@holdfast/pipeline/init';
import { passphraseFromEnvironment } from '@holdfast/pipeline/project';
import { probeSandbox } from '@holdfast/sandbox/probe';
import { type CommandModule, type CommandResult, flag, textOption } from '../command.ts';
import { doubtLines, foundLines } from '../found-lines.ts';
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

const seenLines = ({ found, hasConfiguration, hasLedger }: InitPlan): string[] => [
  ...(hasConfiguration ? ['Found  holdfast.yaml: it stays as it is'] : foundLines(found)),
  ...(hasLedger ? ['       .holdfast: its keys, its ledger and policy/trust.json stay as they are'] : []),
];

function question(plan: InitPlan): string {
  const what = plan.hasLedger ? 'holdfast.yaml and a policy' : 'holdfast.yaml, a policy, a key and an empty ledger';
  return [...seenLines(plan), `Write ${what}?`].join('\n');
}

function report(plan: InitPlan, written: readonly { path: string; what: string }[]): CommandResult['lines'] {
  const width = Math.max(...written.map(({ path }) => path.length)) + 2;
  const lines = written.map(({ path, what }, at) => `${at === 0 ? 'Wrote  ' : '       '}${path.padEnd(width)} ${what}`);
  const { found, hasConfiguration } = plan;
  const isSure = hasConfiguration || (found.doubts.length === 0 && found.stages.length > 0);
  return [
    ...seenLines(plan),
    ...lines,
    ...doubtLines(found),
    `Next   ${isSure ? 'holdfast run' : 'look at holdfast.yaml, then: holdfast run'}`,
  ];
}
