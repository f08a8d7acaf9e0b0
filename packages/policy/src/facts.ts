import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { signedArtifact } from '@holdfast/evidence/signed-artifact';
import { artifactId, type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { type ArtifactFacts, type CheckFacts, isolations } from './artifact-facts.ts';
import {
  type DeclaredStage,
  indexRuns,
  isByOwner,
  type Lineage,
  materialsOf,
  type Run,
  type RunIndex,
  traceLineage,
} from './lineage.ts';
import { plantedFacts } from './quarantine.ts';

/** What the evidence says, and which pieces said it. */
export interface GatheredFacts {
  readonly facts: ArtifactFacts;
  readonly lineage: Lineage;
  /** The evidence that the facts were computed from, in ledger order. */
  readonly used: readonly ReadEvidence[];
  /** Milliseconds since the epoch of the oldest piece of it that says when it was made; absent without any. */
  readonly oldest: number | undefined;
  /** The same for the newest. */
  readonly newest: number | undefined;
}

interface Gathering {
  readonly digest: DigestSet;
  readonly view: EvidenceView;
  readonly stages: readonly DeclaredStage[];
  readonly environment: string;
  readonly lineage: Lineage;
  readonly index: RunIndex;
  /** Pieces that a fact rests on; filled as facts are gathered. */
  readonly used: Map<string, ReadEvidence>;
  readonly times: number[];
}

/**
 * Computes the facts about one artifact from verified evidence, and from nothing else.
 * Each group of facts is there only when evidence for it is.
 */
export function gatherFacts(
  digest: DigestSet,
  view: EvidenceView,
  stages: readonly DeclaredStage[],
  environment: string,
): GatheredFacts {
  const index = indexRuns(view.evidence);
  const lineage = traceLineage(digest, index, stages);
  const gathering = { digest, view, stages, environment, lineage, index, used: new Map(), times: [] };
  const facts = {
    ...declared(gathering),
    ...provenance(gathering),
    ...evaluation(gathering),
    ...signature(gathering),
    ...approval(gathering),
    ...standing(gathering),
    ...checks(gathering),
  };
  const used = [...(gathering.used as Map<string, ReadEvidence>).values()].sort((a, b) => a.index - b.index);
  const times: number[] = gathering.times;
  const oldest = times.length === 0 ? undefined : Math.min(...times);
  const newest = times.length === 0 ? undefined : Math.max(...times);
  return { facts, lineage, used, oldest, newest };
}

function use(gathering: Gathering, piece: ReadEvidence, time?: string): void {
  gathering.used.set(piece.id, piece);
  if (time !== undefined) gathering.times.push(Date.parse(time));
}

/** Pieces of one predicate type about this artifact, in ledger order. */
function about<Name extends 'check' | 'approval' | 'withdrawal'>(name: Name, { view, digest: own }: Gathering) {
  return view.evidence.flatMap((piece) => {
    const found = evidenceAs(name, piece);
    const matches = piece.statement.subject.some(({ digest }) => sameDigests(digest, own));
    return found !== undefined && matches ? [found] : [];
  });
}

/** The artifact as the run described it that made it. */
function outputOf({ digest, lineage }: Gathering) {
  const outputs = lineage.runs[0]?.statement.predicate.buildDefinition.externalParameters.outputs ?? [];
  return outputs.find((output) => sameDigests(output.digest, digest));
}

/** The names of the artifact's own bytes: its digest, and those of the files inside a folder. */
function ownMaterials(gathering: Gathering): ReadonlySet<string> {
  const files = outputOf(gathering)?.files ?? [];
  return new Set(materialsOf({ digest: gathering.digest, annotations: { files } }));
}

/** Kind and risk as the run declared them that made the artifact. */
function declared(gathering: Gathering): Pick<ArtifactFacts, 'kind' | 'risk'> {
  const output = outputOf(gathering);
  return {
    ...(output?.kind === undefined ? {} : { kind: output.kind }),
    ...(output?.risk === undefined ? {} : { risk: output.risk }),
  };
}

function provenance(gathering: Gathering): Pick<ArtifactFacts, 'provenance'> {
  const { lineage, stages } = gathering;
  if (lineage.runs.length === 0) return {};
  const seen = new Set(lineage.runs.map((run) => run.statement.predicate.buildDefinition.externalParameters.stage));
  const levels = lineage.runs.map((run) =>
    isolations.indexOf(run.statement.predicate.buildDefinition.internalParameters.isolation.level),
  );
  for (const run of lineage.runs) use(gathering, run, run.statement.predicate.runDetails.metadata.finishedOn);
  return {
    provenance: {
      complete: lineage.missing.length === 0 && stages.every(({ name, behind }) => !behind || seen.has(name)),
      byOwner: lineage.runs.every((run) => isByOwner(run, stages)),
      byBuilder: lineage.runs.every((run) => run.role === 'builder'),
      isolation: isolations[Math.min(...levels)] ?? 'none',
      runs: lineage.runs.length,
      stages: [...seen].sort(),
      anomalies: lineage.runs.flatMap((run) => run.statement.predicate.runDetails.holdfast_outcome.anomalies).length,
      builders: [...new Set(lineage.runs.map((run) => run.signer.id))].sort(),
    },
  };
}

/** Metrics count when the run that measured them is proven; its data must not have been trained on. */
function evaluation(gathering: Gathering): Pick<ArtifactFacts, 'evaluation' | 'metrics'> {
  const { digest: artifact, index, lineage } = gathering;
  const evaluations = index.all.filter(
    (run) =>
      isByOwner(run, gathering.stages) &&
      run.statement.predicate.buildDefinition.resolvedDependencies.some(({ digest }) => sameDigests(digest, artifact)),
  );
  const measured = about('check', gathering).flatMap((piece) => {
    const { check, metrics, verdict } = piece.statement.predicate;
    const run = evaluations.find(
      ({ statement }) => statement.predicate.runDetails.metadata.invocationId === check.options['invocation'],
    );
    return check.name === 'metrics' && verdict === 'pass' && run !== undefined ? [{ piece, run, metrics }] : [];
  });
  if (measured.length === 0) return {};
  const newest = new Map(measured.map((one) => [one.piece.statement.predicate.check.options['stage'], one]));
  let separate = true;
  for (const { piece, run } of newest.values()) {
    use(gathering, piece, piece.statement.predicate.finishedOn);
    use(gathering, run, run.statement.predicate.runDetails.metadata.finishedOn);
    separate &&= !evaluationData(run, artifact).some((material) => lineage.materials.has(material));
  }
  const metrics = Object.assign({}, ...[...newest.values()].map((one) => one.metrics)) as Record<string, number>;
  return { evaluation: { runs: newest.size, separate }, metrics };
}

/** Kinds of dependencies that training and evaluation may share. */
const notData = ['code', 'configuration', 'toolchain'];

/**
 * What an evaluation looked at beside the model itself and code. A file counts although the model holds a copy of it:
 * else a trainer could hide what was trained on by packing it into the model.
 */
function evaluationData(run: Run, artifact: DigestSet): readonly string[] {
  return run.statement.predicate.buildDefinition.resolvedDependencies
    .filter(({ annotations }) => !notData.includes(annotations?.kind ?? ''))
    .filter(({ digest }) => !sameDigests(digest, artifact))
    .flatMap(materialsOf);
}

function signature(gathering: Gathering): Pick<ArtifactFacts, 'signature'> {
  const signatures = gathering.view.evidence.filter(
    (piece) =>
      piece.statement.predicateType === predicateTypes.modelSignature &&
      sameDigests(signedArtifact(piece.statement) ?? {}, gathering.digest),
  );
  if (signatures.length === 0) return {};
  for (const piece of signatures) use(gathering, piece);
  const keys = [...new Set(signatures.map((piece) => piece.signer.id))].sort();
  return { signature: { valid: true, keys, byTrustedKey: true } };
}

function approval(gathering: Gathering): Pick<ArtifactFacts, 'approval'> {
  const approvals = about('approval', gathering).filter(
    ({ statement }) => (statement.predicate.environment ?? gathering.environment) === gathering.environment,
  );
  if (approvals.length === 0) return {};
  for (const piece of approvals) use(gathering, piece, piece.statement.predicate.approvedOn);
  const builders = new Set(gathering.lineage.runs.flatMap((run) => [run.signer.id, run.signerName]));
  const others = approvals.filter((piece) => !builders.has(piece.signer.id) && !builders.has(piece.signerName));
  const distinct = (pieces: typeof approvals): number => new Set(pieces.map((piece) => piece.signerName)).size;
  return { approval: { count: distinct(approvals), byOthers: distinct(others) } };
}

function standing(gathering: Gathering): Pick<ArtifactFacts, 'standing'> {
  const { view, lineage, digest, index, stages } = gathering;
  const own = ownMaterials(gathering);
  let withdrawn = false;
  let ancestorWithdrawn = false;
  for (const piece of view.evidence.flatMap((candidate) => evidenceAs('withdrawal', candidate) ?? [])) {
    const names = piece.statement.subject.map(({ digest }) => artifactId(digest));
    const hitsItself = names.some((name) => own.has(name));
    const hitsAncestor = names.some((name) => lineage.materials.has(name));
    if (hitsItself || hitsAncestor) use(gathering, piece);
    withdrawn ||= hitsItself;
    ancestorWithdrawn ||= hitsAncestor;
  }
  const planted = plantedFacts(digest, own, { evidence: view.evidence, index, stages, lineage });
  for (const piece of planted.used) use(gathering, piece);
  return { standing: { withdrawn, ancestorWithdrawn, setAside: planted.setAside, suspect: planted.suspect } };
}

/** The newest report of every check on this artifact. */
function checks(gathering: Gathering): Pick<ArtifactFacts, 'checks'> {
  const newest = new Map(about('check', gathering).map((piece) => [piece.statement.predicate.check.name, piece]));
  newest.delete('metrics');
  const facts: Record<string, CheckFacts> = {};
  for (const [name, piece] of newest) {
    const { verdict, origin, findings, coverage, metrics, finishedOn } = piece.statement.predicate;
    use(gathering, piece, finishedOn);
    facts[name] = {
      verdict,
      origin,
      findings: findings.length,
      examined: coverage.examined,
      total: coverage.total,
      metrics,
    };
  }
  return newest.size === 0 ? {} : { checks: facts };
}
