import { dirHash, inModelOrder, rootDigest } from '@holdfast/evidence/digest/folder';
import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import type { Release } from '@holdfast/evidence/predicates/release';
import { type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { decideGate, type GateOutcome } from '@holdfast/policy/gate';
import { loadPolicy } from '@holdfast/policy/load-policy';
import { checkRegistry } from '../check-registry.ts';
import { PipelineError } from '../errors.ts';
import type { DeviceSettings } from './device.ts';

/** A release, read from verified evidence. */
export interface Released {
  readonly evidence: ReadEvidence<Release>;
  readonly release: Release;
  readonly digest: DigestSet;
}

/**
 * The releases of a ledger for one class of devices, in their order. One whose version is not higher than all before
 * it counts for nothing: a second person's mistake must not take devices back.
 */
export function releasesFor(view: EvidenceView, device: string): readonly Released[] {
  let highest = 0;
  return view.evidence.flatMap((piece) => {
    const evidence = evidenceAs('release', piece);
    const [subject, ...more] = piece.statement.subject;
    if (evidence === undefined || subject === undefined || more.length > 0) return [];
    const release = evidence.statement.predicate;
    if (release.device !== device || release.version <= highest) return [];
    highest = release.version;
    return [{ evidence, release, digest: subject.digest }];
  });
}

/**
 * What a device of this class is to run: the newest release.
 *
 * @throws PipelineError HF_INSTALL_OTHER_DEVICE, HF_INSTALL_UNSIGNED, HF_INSTALL_CONTRADICTION
 */
export function newestRelease(view: EvidenceView, device: string): Released {
  const newest = releasesFor(view, device).at(-1);
  if (newest !== undefined) {
    requireConsistent(newest);
    return newest;
  }
  const others = view.evidence.flatMap((piece) => evidenceAs('release', piece)?.statement.predicate.device ?? []);
  if (others.length > 0) {
    const named = [...new Set(others)].map((name) => `\`${name}\``).join(', ');
    throw new PipelineError('HF_INSTALL_OTHER_DEVICE', `it is for ${named}; this device is a \`${device}\``);
  }
  throw new PipelineError('HF_INSTALL_UNSIGNED', 'nobody who may has released anything in it for a device');
}

/** The list of files is the subject: the same digests follow from it. */
export function requireConsistent({ release, digest }: Released): void {
  const { files, name } = release;
  const [only] = files;
  const isFolder = digest['dirHash'] !== undefined;
  const computed = isFolder
    ? { dirHash: dirHash(files), sha256: rootDigest(inModelOrder(files).map(({ sha256 }) => sha256)) }
    : { sha256: only?.sha256 ?? '' };
  const isOneFile = files.length === 1 && only?.name === name;
  if (sameDigests(computed, digest) && (isFolder ? !collides(files.map((file) => file.name)) : isOneFile)) return;
  throw new PipelineError('HF_INSTALL_CONTRADICTION', `the files of version ${release.version} are not its subject`);
}

/** Whether two files have one name, or one of them is the folder of another. */
function collides(names: readonly string[]): boolean {
  const all = new Set(names);
  if (all.size !== names.length) return true;
  return names.some((name) =>
    name.split('/').some((_, depth, parts) => depth > 0 && all.has(parts.slice(0, depth).join('/'))),
  );
}

/**
 * Asks the gate of the device: its own policy, about the evidence that it has verified itself. Who asks is who
 * released it. A decision in the archive is not looked at.
 */
export function judgeRelease(
  { evidence, release, digest }: Released,
  view: EvidenceView,
  { environment, policy }: DeviceSettings,
  now: Date,
): GateOutcome {
  const { signer, signerName } = evidence;
  const texts = [policy];
  const roles = [...view.trust.rolesAt(signer.id, view.origin, view.size)].sort();
  return decideGate({
    digest,
    name: release.name,
    principal: { id: signer.id, name: signerName, roles },
    action: 'deploy',
    environment,
    policy: loadPolicy({ texts, knownChecks: checkRegistry.map(({ name }) => name) }),
    texts,
    view,
    stages: release.stages,
    now,
    changed: [],
  });
}

/** @throws PipelineError HF_INSTALL_DENIED */
export function requireAllowed(released: Released, view: EvidenceView, settings: DeviceSettings, now: Date): void {
  const { decision } = judgeRelease(released, view, settings, now);
  if (decision.allowed) return;
  const [first] = decision.reasons;
  const others = decision.reasons.slice(1).map(({ policy }) => policy);
  const more = others.length === 0 ? '' : `; also: ${others.join(', ')}`;
  throw new PipelineError(
    'HF_INSTALL_DENIED',
    `version ${released.release.version} is denied by \`${first?.policy ?? 'nothing'}\`: ${first?.message ?? ''}${more}`,
  );
}
