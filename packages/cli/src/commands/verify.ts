import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactId, type EvidenceView, parsePublicKey, type ReadEvidence, sameDigests } from '@holdfast/evidence';
import { verifyModel } from '@holdfast/evidence/model-signing/index';
import { explainChange, findArtifact, openProject, openView, type Project, readTrust, replayDecisions, verifyArchive } from '@holdfast/pipeline';
import { type CommandModule, type CommandResult, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { findEvidence } from '../find-evidence.ts';
import type { Terminal } from '../terminal.ts';
import { viewLines } from '../view-lines.ts';
import { evidenceLine } from './evidence-list.ts';

export const run: CommandModule['run'] = async (invocation, terminal) => {
  const subject = invocation.arguments[0] ?? '';
  if (textOption(invocation, 'public-key') !== undefined) return verifySignature(subject, invocation);
  if (subject.endsWith('.holdfast') && !(await isFolder(subject))) return verifyArchiveFile(subject, invocation, terminal);
  const project = await openProject(invocation.folder);
  if (/^[0-9a-f]{8,64}$/.test(subject) && !(await exists(subject))) return verifyEvidenceById(project, subject, terminal);
  return /^(sha256|dirHash):[0-9a-f]{64}$/.test(subject)
    ? verifyDigest(project, subject)
    : verifyPath(project, subject, invocation);
};

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;
const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isDirectory() === true;

/** A model signature alone, with a key that the caller names: what the OpenSSF model_signing tool does. */
async function verifySignature(path: string, invocation: Invocation): Promise<CommandResult> {
  const key = parsePublicKey(await readFile(textOption(invocation, 'public-key') ?? '', 'utf8'));
  const signature = textOption(invocation, 'signature') ?? ((await isFolder(path)) ? join(path, 'model.sig') : `${path}.sig`);
  const symlinks = flag(invocation, 'allow-symlinks') ? ({ symlinks: 'follow' } as const) : {};
  const { manifest, rootDigest } = await verifyModel(path, signature, key, symlinks);
  const count = manifest.resources.length;
  return {
    exit: 0,
    lines: [`✓ ${path}: ${count} ${count === 1 ? 'file is' : 'files are'} what ${key.id.slice(0, 12)}… signed, and there are no others`],
    result: { path, signature, keyId: key.id, rootDigest, files: count },
  };
}

async function verifyArchiveFile(file: string, invocation: Invocation, terminal: Terminal): Promise<CommandResult> {
  const trustFile = textOption(invocation, 'trust');
  if (trustFile === undefined) throw new CliError('HF_CLI_TRUST_NEEDED', `whose word is \`${file}\` to be checked against?`);
  const { view, decisions, postQuantum } = await verifyArchive(file, await readTrust(trustFile));
  const failed = view.broken.length > 0 || decisions.some(({ problem }) => problem !== undefined);
  const sealed = postQuantum ? [`${terminal.paint('green', '✓')} checkpoint cosigned with ML-DSA-44`] : [];
  return {
    exit: failed ? 1 : 0,
    lines: [...viewLines(view, decisions, terminal), ...(failed ? [] : sealed)],
    result: { file, origin: view.origin, size: view.size, counted: view.evidence.length, ignored: view.ignored, broken: view.broken, decisions, postQuantum },
  };
}

async function verifyEvidenceById(project: Project, prefix: string, terminal: Terminal): Promise<CommandResult> {
  const { view, reader } = await openView(project);
  const piece = findEvidence(view, prefix);
  const replayed = await replayDecisions(view, reader, piece.id);
  const failed = replayed.some(({ problem }) => problem !== undefined);
  const about = piece.statement.subject.map(({ name, digest }) => name ?? artifactId(digest)).join(', ');
  return {
    exit: failed ? 1 : 0,
    lines: [
      `${terminal.paint('green', '✓')} ${piece.id.slice(0, 12)}… about ${about}`,
      `${terminal.paint('green', '✓')} signed by ${piece.signerName}, who held the role ${piece.role} then`,
      `${terminal.paint('green', '✓')} entry ${piece.index} of ${piece.origin}, proven in a signed tree of ${piece.checkpoint.size}`,
      ...replayed.map(({ result, problem }) =>
        problem === undefined ? `${terminal.paint('green', '✓')} the decision (${result}) replays to the same answer` : `${terminal.paint('red', '✗')} ${problem}`,
      ),
    ],
    result: { id: piece.id, index: piece.index, signer: piece.signerName, role: piece.role, decisions: replayed },
  };
}

async function verifyDigest(project: Project, id: string): Promise<CommandResult> {
  const { view } = await openView(project);
  return known(id, view, view.evidence.filter(({ statement }) => statement.subject.some(({ digest }) => artifactId(digest) === id)), []);
}

async function verifyPath(project: Project, path: string, invocation: Invocation): Promise<CommandResult> {
  const artifact = await findArtifact(project, path, invocation.folder);
  const { view } = await openView(project);
  const digest = { ...artifact.digest.digests };
  const about = view.evidence.filter(({ statement }) => statement.subject.some((subject) => sameDigests(subject.digest, digest)));
  return known(path, view, about, about.length > 0 ? [] : explainChange(view, artifact));
}

function known(name: string, view: EvidenceView, about: readonly ReadEvidence[], changes: readonly string[]): CommandResult {
  const broken = view.broken.map(({ index, code, message }) => `✗ entry ${index}: ${message} (${code})`);
  if (about.length === 0 && changes.length === 0) throw new CliError('HF_CLI_NOTHING_KNOWN', `nothing is known about \`${name}\``);
  const withdrawn = about.some(({ kind }) => kind === 'withdrawal');
  const failed = broken.length > 0 || changes.length > 0 || withdrawn;
  return {
    exit: failed ? 1 : 0,
    lines: [
      ...broken,
      ...changes.map((change) => `✗ ${change}`),
      ...(about.length === 0 ? [] : [`${withdrawn ? '✗ withdrawn; ' : '✓ '}${about.length} pieces of evidence are about exactly these bytes:`]),
      ...about.map(evidenceLine),
    ],
    result: { name, changes, withdrawn, broken: view.broken, evidence: about.map(({ id, index, kind, signerName, role }) => ({ id, index, kind, signer: signerName, role })) },
  };
}
