import { stat } from 'node:fs/promises';
import { type CommandModule, textOption } from '../command.ts';
import { pathIn } from '../invocation.ts';
import { withoutDots } from '../short-hex.ts';

/** What may be verified, told apart by what it looks like; only what that needs is loaded. */
export const run: CommandModule['run'] = async (invocation, terminal) => {
  const subject = withoutDots(invocation.arguments[0] ?? '');
  const file = await stat(pathIn(invocation, subject)).catch(() => undefined);
  if (textOption(invocation, 'public-key') !== undefined) {
    return (await import('../verify-signature.ts')).verifySignature(subject, invocation);
  }
  if (subject.endsWith('.holdfast') && file?.isDirectory() !== true) {
    return (await import('../verify-archive-file.ts')).verifyArchiveFile(subject, invocation, terminal);
  }
  if (/^[0-9a-f]{8,64}$/.test(subject) && file === undefined) {
    return (await import('../verify-evidence.ts')).verifyEvidenceById(subject, invocation, terminal);
  }
  const { verifyDigest, verifyPath } = await import('../verify-artifact.ts');
  const isDigest = /^(sha256|dirHash):[0-9a-f]{8,64}$/.test(subject);
  return isDigest ? verifyDigest(subject, invocation, terminal) : verifyPath(subject, invocation, terminal);
};
