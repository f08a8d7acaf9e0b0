import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  createKeyFile,
  type EvidenceView,
  listKeyFiles,
  openKeyFile,
  type RecordedEvidence,
  type Role,
  recordEvidence,
  type Statement,
  signStatement,
  type Trust,
} from '@holdfast/evidence';
import {
  approve,
  askGate,
  createKey,
  findArtifact,
  initProject,
  type NamedArtifact,
  openProject,
  type PipelineOutcome,
  type Project,
  planInit,
  type RunRequest,
  revokeRoles,
  runPipeline,
  signArtifact,
  verifyProject,
  withRecorder,
} from '@holdfast/pipeline';
import { temporaryFolder } from './temporary-folder.ts';
import { type Files, tinyFiles, tinyYaml } from './tiny-project.ts';

/** The keys of a team in which everybody has one task. */
export const team: Readonly<Record<string, readonly Role[]>> = {
  authority: ['authority'],
  builder: ['builder'],
  checker: ['checker'],
  approver: ['approver'],
};

export interface TestProjectOptions {
  readonly yaml?: string;
  readonly files?: Files;
  /** Keys in the project's folder, all of them in the trust file: name to roles. */
  readonly keys?: Readonly<Record<string, readonly Role[]>>;
}

/** A project in a temporary folder, used through the real packages only. */
export class TestProject {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Replaces a text in a file, which must be there. */
  edit(name: string, from: string, to: string): void {
    const text = this.read(name);
    if (!text.includes(from)) throw new Error(`\`${name}\` does not hold \`${from}\``);
    this.write(name, text.replace(from, to));
  }

  /** Opens it as it is now. */
  open(): Promise<Project> {
    return openProject(this.folder, () => Promise.resolve(undefined));
  }

  async view(): Promise<EvidenceView> {
    return verifyProject(await this.open());
  }

  /** With isolation `none` unless the request says otherwise: the same on every machine. */
  async run(request: Partial<RunRequest> = {}): Promise<PipelineOutcome> {
    const signal = new AbortController().signal;
    const usual = { stages: [], due: false, force: false, isolation: 'none', signal } as const;
    return runPipeline(await this.open(), { ...usual, ...request });
  }

  async artifact(name = 'model'): Promise<NamedArtifact> {
    return findArtifact(await this.open(), name, this.folder);
  }

  /** Asks the gate without leaving a trace. */
  async ask(name = 'model', environment = 'production'): Promise<Awaited<ReturnType<typeof askGate>>> {
    return askGate(await this.open(), await this.artifact(name), environment);
  }

  async approve(key = 'approver', environment?: string): Promise<RecordedEvidence> {
    return approve(await this.open(), await this.artifact(), {
      key,
      ...(environment === undefined ? {} : { environment }),
    });
  }

  async sign(key = 'builder'): Promise<RecordedEvidence> {
    return signArtifact(await this.open(), await this.artifact(), key);
  }

  /** Signs a statement with a key of the project and logs it, whatever roles the key has. */
  async record(statement: Statement, key: string): Promise<RecordedEvidence> {
    const project = await this.open();
    const signer = await openKeyFile(project.paths.keys, key, project.passphrase);
    const signed = await signStatement(statement, signer);
    const [recorded] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
    if (recorded === undefined) throw new Error('nothing was recorded');
    return recorded;
  }

  /** Makes a key and grants it roles by an entry of the ledger. */
  async grant(name: string, roles: readonly Role[]): Promise<void> {
    await createKey(await this.open(), name, roles);
  }

  async revoke(name: string, roles: readonly Role[]): Promise<void> {
    const project = await this.open();
    const file = (await listKeyFiles(project.paths.keys)).find((candidate) => candidate.name === name);
    if (file === undefined) throw new Error(`there is no key \`${name}\``);
    await revokeRoles(project, name, file.publicKey, roles);
  }
}

/** A new project in a temporary folder, with keys, a trust file, the default policy and an empty ledger. */
export async function newTestProject(options: TestProjectOptions = {}): Promise<TestProject> {
  const test = new TestProject(temporaryFolder());
  for (const [name, content] of Object.entries(options.files ?? tinyFiles())) test.write(name, content);
  test.write('holdfast.yaml', options.yaml ?? tinyYaml);
  const [[first, firstRoles] = ['builder', team['builder'] ?? []], ...others] = Object.entries(options.keys ?? team);
  await initProject(await planInit(test.folder), { keyName: first, roles: firstRoles });
  const trust = JSON.parse(test.read('policy/trust.json')) as Trust;
  for (const [name, roles] of others) {
    const { publicKey } = await createKeyFile(test.path('.holdfast/keys'), name);
    trust.signers.push({ name, publicKey: publicKey.pem, roles: [...roles] });
  }
  test.write('policy/trust.json', JSON.stringify(trust));
  return test;
}

/** The same project in another folder: evidence, ledger and keys do not know where they are. */
export function copyOf(project: TestProject): TestProject {
  const copy = new TestProject(temporaryFolder());
  cpSync(project.folder, copy.folder, { recursive: true });
  return copy;
}

let allowed: Promise<TestProject> | undefined;

/** The tiny project after everything that its gate asks for: run, signed, approved. Made once, then copied. */
export async function newAllowedProject(): Promise<TestProject> {
  allowed ??= allowedProject();
  return copyOf(await allowed);
}

async function allowedProject(): Promise<TestProject> {
  const test = await newTestProject();
  const outcome = await test.run();
  const failed = outcome.stages.find(({ error }) => error !== undefined);
  if (failed?.error !== undefined) throw failed.error;
  await test.sign();
  await test.approve();
  return test;
}
