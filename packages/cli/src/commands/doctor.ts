import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { listKeyFiles } from '@holdfast/evidence/key-files';
import { findConfiguration } from '@holdfast/pipeline/configuration';
import { policyDemand } from '@holdfast/pipeline/isolation-demand';
import { openProject, type Project, verifyProject } from '@holdfast/pipeline/project';
import { describeLevels, type LevelDescription } from '@holdfast/sandbox/levels';
import type { CommandModule } from '../command.ts';
import { failureOf } from '../failure.ts';
import { countOf } from '../view-lines.ts';
import { labelled } from '../wrap.ts';

/** One thing that was tried on this machine. */
interface Finding {
  readonly what: string;
  readonly state: 'yes' | 'no' | 'limited';
  readonly detail: string;
  readonly fix?: string;
}

export const run: CommandModule['run'] = async (invocation) => {
  const levels = await describeLevels();
  const findings = [
    node(),
    postQuantum(),
    await disk(invocation.folder),
    ...levels.map(isolationFinding),
    ...(await projectFindings(invocation.folder, levels)),
  ];
  const signs = { yes: '✓', no: '✗', limited: '!' } as const;
  const width = Math.max(...findings.map(({ what }) => what.length)) + 2;
  return {
    exit: findings.some(({ state }) => state === 'no') ? 3 : 0,
    lines: findings.flatMap(({ what, state, detail, fix }) => [
      ...labelled(`${signs[state]} ${what.padEnd(width)}`, width + 2, detail),
      ...(fix === undefined ? [] : labelled(`${' '.repeat(width + 2)}→ `, width + 4, fix)),
    ]),
    result: { findings },
  };
};

function node(): Finding {
  return { what: 'Node', state: 'yes', detail: `${process.versions.node} on ${process.platform}-${process.arch}` };
}

function postQuantum(): Finding {
  try {
    generateKeyPairSync('ml-dsa-44');
    return { what: 'post-quantum cosignatures', state: 'yes', detail: 'ML-DSA-44' };
  } catch {
    return {
      what: 'post-quantum cosignatures',
      state: 'no',
      detail: 'this Node has no ML-DSA-44',
      fix: 'install Node 24.7 or newer',
    };
  }
}

async function disk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / 2 ** 30;
  return { what: 'free disk', state: free < 0.5 ? 'limited' : 'yes', detail: `${free.toFixed(1)} GiB` };
}

/** Tried anew each time: escapes that must fail, on this kernel. */
function isolationFinding({ level, available, mechanism, problems, fix }: LevelDescription): Finding {
  const what = `isolation: ${level}`;
  if (available) return { what, state: 'yes', detail: `${mechanism ?? ''}: every way out was tried and is closed` };
  const bare = level === 'sandbox' ? '. A stage runs with your files and network, and its evidence says so' : '';
  return { what, state: 'limited', detail: `${problems.join('; ')}${bare}`, ...(fix === undefined ? {} : { fix }) };
}

/** What the policies of the project demand has to be there before a run of hours. */
async function demanded(project: Project, levels: readonly LevelDescription[]): Promise<Finding[]> {
  const demand = await policyDemand(project);
  if (demand === undefined) return [];
  const found = levels.find(({ level }) => level === demand.level);
  const detail = `${demand.by} demands ${demand.level}`;
  if (found?.available === true) return [{ what: 'isolation demanded', state: 'yes', detail }];
  const missing = `${detail}, which this machine does not have: nothing will run`;
  return [{ what: 'isolation demanded', state: 'no', detail: missing }];
}

async function projectFindings(folder: string, levels: readonly LevelDescription[]): Promise<Finding[]> {
  const file = await findConfiguration(folder).catch(() => undefined);
  if (file === undefined) return [{ what: 'project', state: 'limited', detail: 'none here', fix: 'holdfast init' }];
  try {
    const project = await openProject(folder);
    if (!existsSync(project.paths.ledger)) {
      return [{ what: 'project', state: 'limited', detail: `${file}, without a ledger yet`, fix: 'holdfast init' }];
    }
    const keys = await listKeyFiles(project.paths.keys);
    await access(project.paths.ledger, constants.W_OK);
    const view = await verifyProject(project);
    return [
      { what: 'project', state: 'yes', detail: file },
      ...(await demanded(project, levels)),
      {
        what: 'keys here',
        state: keys.length > 0 ? 'yes' : 'limited',
        detail: keys.map(({ name }) => name).join(', ') || 'none',
      },
      {
        what: 'ledger',
        state: view.broken.length === 0 ? 'yes' : 'no',
        detail: `${countOf(view.size, 'entry', 'entries')}, ${view.broken.length} broken`,
      },
    ];
  } catch (error) {
    const { message, code, fix } = failureOf(error);
    return [{ what: 'project', state: 'no', detail: `${message} (${code})`, ...(fix === undefined ? {} : { fix }) }];
  }
}
