import { evidenceAs } from '@holdfast/evidence';
import { newTestProject, type TestProject } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';

interface Declared {
  readonly artifact?: string;
  readonly checks?: string;
  readonly sandbox?: string;
  readonly data?: string;
  readonly policy?: string;
}

const mails = `n,email\n${Array.from({ length: 20 }, (_, at) => `${at},ann${at}@mail.example`).join('\n')}\n`;
const religions = `n,religion\n${Array.from({ length: 20 }, (_, at) => `${at},${['catholic', 'muslim'][at % 2] ?? ''}`).join('\n')}\n`;

const projectOf = ({
  artifact = '',
  checks = '',
  sandbox = '',
  data = mails,
  policy,
}: Declared): Promise<TestProject> =>
  newTestProject({
    yaml: `project: tiny
ledger: tiny.example
artifacts: { people: { path: people.csv, kind: dataset${artifact} } }
stages: { count: { command: 'wc -l people.csv > out', inputs: [people], outputs: [out]${sandbox} } }
${checks}`,
    files: { 'people.csv': data, ...(policy === undefined ? {} : { 'policy/run.cedar': policy }) },
  });

const classified = 'checks: { people: [data.classify] }\n';
const permit = '@id("any") permit (principal, action == Holdfast::Action::"run", resource);\n';

/** What became of the only stage: its status, or the policies that denied it. */
async function outcomeOf(project: TestProject): Promise<string> {
  const [stage] = (await project.run()).stages;
  if (stage?.error === undefined) return stage?.status ?? '';
  expect(stage.error).toMatchObject({ code: 'HF_STAGE_CLASS', exit: 1, where: 'people' });
  return [...stage.error.message.matchAll(/\(([a-z-]+)\)/g)].map(([, id]) => id).join(' ');
}

/** These stages are confined by nothing, so that they reach whatever there is. */
describe('what a stage is given, by how confidential it is', () => {
  test.each<[string, Declared, string]>([
    ['nothing is declared or measured', {}, 'ran'],
    ['it is declared internal', { artifact: ', classification: internal' }, 'ran'],
    ['it is declared confidential', { artifact: ', classification: confidential' }, 'confidential-offline'],
    [
      'it is declared restricted',
      { artifact: ', classification: restricted' },
      'confidential-offline restricted-confined',
    ],
    ['it is measured to be confidential', { checks: classified }, 'confidential-offline'],
    [
      'it is measured to be restricted',
      { checks: classified, data: religions },
      'confidential-offline restricted-confined',
    ],
    [
      'it is declared more open than it is measured',
      { artifact: ', classification: public', checks: classified },
      'confidential-offline',
    ],
    ['it is measured to be internal', { checks: classified, data: 'n,m\n1,2\n2,4\n' }, 'ran'],
    [
      'it cannot be measured',
      { checks: classified, data: 'n,m\n' },
      'class-known confidential-offline restricted-confined',
    ],
    ['its own policy permits all', { artifact: ', classification: restricted', policy: permit }, 'ran'],
  ])('%s', async (_, declared, outcome) => {
    expect(await outcomeOf(await projectOf(declared))).toBe(outcome);
  });

  test('a policy of its own is asked of all whose class is known', async () => {
    const policy = `${permit}@id("public") forbid (principal, action == Holdfast::Action::"run", resource)
unless { context has classLevel && context.classLevel < 1 };\n`;
    expect(await outcomeOf(await projectOf({ checks: classified, data: 'n,m\n1,2\n2,4\n', policy }))).toBe('public');
    expect(await outcomeOf(await projectOf({ policy }))).toBe('ran');
  });

  test('a policy of its own reads what was in the ledger before the run', async () => {
    const policy = `${permit}@id("low") forbid (principal, action == Holdfast::Action::"run", resource)
unless { resource has data.classify.metricsAtMost.class && resource.data.classify.metricsAtMost.class.lessThanOrEqual(decimal("1.0")) };\n`;
    const project = await projectOf({ checks: classified, data: 'n,m\n1,2\n2,4\n', policy });
    expect(await outcomeOf(project)).toBe('low');
    expect(await outcomeOf(project)).toBe('ran');
  });

  test('a policy of its own that is none stops the stage', async () => {
    const project = await projectOf({ artifact: ', classification: internal', policy: 'permit everything;' });
    const [stage] = (await project.run()).stages;
    expect(stage).toMatchObject({ status: 'failed', error: { code: 'HF_POLICY_SYNTAX' } });
  });

  test('is classified before the stage and once, and what is refused is on record', async () => {
    const project = await projectOf({ artifact: ', classification: confidential', checks: classified });
    expect(await outcomeOf(project)).toBe('confidential-offline');
    const { evidence } = await project.view();
    const said = evidence.map((piece) => {
      const access = evidenceAs('access', piece)?.statement.predicate;
      return access === undefined ? piece.kind : `${access.purpose.kind} ${access.outcome}`;
    });
    expect(said).toEqual(['check read', 'check', 'run refused']);
  });

  test('a report stands only as long as what is declared', async () => {
    const project = await projectOf({ artifact: ', classification: confidential', checks: classified });
    const verdictOf = async (): Promise<string | undefined> => (await project.run()).checks[0]?.report?.verdict;
    expect(await verdictOf()).toBe('pass');
    project.edit('holdfast.yaml', 'classification: confidential', 'classification: internal');
    expect(await verdictOf()).toBe('fail');
  });
});
