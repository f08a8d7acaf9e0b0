import { createHash } from 'node:crypto';
import type { RunDependency } from '@holdfast/evidence/predicates/run';
import { type DigestSet, type Subject, sameDigests } from '@holdfast/evidence/statement';
import type { Run } from '@holdfast/policy/lineage';
import { type ArtifactBook, artifactNode } from './artifact-book.ts';
import type { Execution, LineageRun } from './lineage.ts';

/** A run while evidence is read: what was measured comes from the checks. */
export interface RunPage extends Omit<LineageRun, 'id' | 'measured' | 'executions'> {
  readonly measured: Set<string>;
  readonly executions: Execution[];
}

/** Every run, with executions that differ in nothing but their time on one page. */
export class RunBook {
  readonly #pages = new Map<string, RunPage>();
  readonly #byInvocation = new Map<string, RunPage>();

  get pages(): readonly RunPage[] {
    return [...this.#pages.values()];
  }

  /** The run that calls itself so; reports name it. */
  called(invocation: unknown): RunPage | undefined {
    return typeof invocation === 'string' ? this.#byInvocation.get(invocation) : undefined;
  }

  /** Notes a run, and the artifacts that it read and wrote. */
  note(run: Run, artifacts: ArtifactBook): void {
    const { resolvedDependencies } = run.statement.predicate.buildDefinition;
    const read = resolvedDependencies.filter((dependency) => !isToolchain(dependency)).map(inputOf(run, artifacts));
    const written = writtenBy(run).map(outputOf(run, artifacts));
    const page = pageOf(run, {
      inputs: nodesOf(read),
      outputs: nodesOf(written),
      paths: Object.fromEntries([...read, ...written].toSorted()),
      toolchain: resolvedDependencies.length - read.length,
    });
    const { inputs, executions } = page;
    const same = { ...page, inputs: inputs.toSorted(), measured: undefined, executions: undefined };
    const key = JSON.stringify([run.signer.id, same]);
    const known = this.#pages.get(key) ?? page;
    this.#pages.set(key, known);
    if (known !== page) known.executions.push(...executions);
    for (const { invocation } of executions) this.#byInvocation.set(invocation, known);
  }
}

/** An artifact and where it lay. */
type Place = readonly [node: string, path: string];

const nodesOf = (places: readonly Place[]): string[] => [...new Set(places.map(([node]) => node))];

const isToolchain = ({ annotations }: RunDependency): boolean => annotations?.kind === 'toolchain';

const inputOf =
  (run: Run, artifacts: ArtifactBook) =>
  ({ name, digest, annotations, ...more }: RunDependency): Place => {
    const { uri } = more;
    const page = artifacts.note(run, digest, {
      path: name,
      name: annotations?.artifact,
      kind: annotations?.kind,
      claimed: annotations?.stage,
      source: typeof uri === 'string' ? uri : undefined,
    });
    return [page.id, name];
  };

const outputOf =
  (run: Run, artifacts: ArtifactBook) =>
  ({ name, digest }: Subject): Place => {
    const { outputs } = run.statement.predicate.buildDefinition.externalParameters;
    const declared =
      outputs.find((output) => output.path === name && sameDigests(output.digest, digest)) ??
      outputs.find((output) => sameDigests(output.digest, digest));
    const page = artifacts.note(run, digest, { path: name, name: declared?.artifact, kind: declared?.kind });
    page.isMade = true;
    return [page.id, name ?? declared?.path ?? ''];
  };

/** What a run wrote: its subjects, without the one that stands for a run that writes nothing. */
function writtenBy({ statement }: Run): readonly Subject[] {
  const { invocationId } = statement.predicate.runDetails.metadata;
  const itself: DigestSet = { sha256: createHash('sha256').update(invocationId).digest('hex') };
  return statement.subject.filter(
    ({ name, digest }) => name !== `run:${invocationId}` || artifactNode(digest) !== artifactNode(itself),
  );
}

function pageOf(run: Run, links: Pick<RunPage, 'inputs' | 'outputs' | 'paths' | 'toolchain'>): RunPage {
  const { buildDefinition, runDetails } = run.statement.predicate;
  const { project, stage, command } = buildDefinition.externalParameters;
  const { isolation } = buildDefinition.internalParameters;
  const { invocationId: invocation, startedOn, finishedOn } = runDetails.metadata;
  return {
    ...{ project, stage, command, builder: run.signerName, isolation: isolation.level },
    isOperation: isolation.level === 'none' && isolation['mechanism'] === operationMechanism,
    ...links,
    measured: new Set(),
    executions: [{ evidence: run.id, index: run.index, invocation, startedOn, finishedOn }],
  };
}

/** As `record-operation.ts` writes it. */
const operationMechanism = 'an operation of Holdfast itself, in its own process';

/** The run as everything that was read says it. */
export function runOf({ measured, executions, ...page }: RunPage): LineageRun {
  return { id: executions.at(-1)?.evidence ?? '', ...page, measured: [...measured], executions };
}
