import { artifactId } from '@holdfast/evidence/statement';
import { openProject, openView } from '@holdfast/pipeline/project';
import type { CommandResult, Invocation } from './command.ts';
import { findEvidence } from './find-evidence.ts';
import { shortHex } from './short-hex.ts';
import type { Terminal } from './terminal.ts';
import { bad, good } from './view-lines.ts';

/** One piece of evidence by its id; a decision is computed again. The engine is loaded for a decision only. */
export async function verifyEvidenceById(
  id: string,
  invocation: Invocation,
  terminal: Terminal,
): Promise<CommandResult> {
  const { view, reader } = await openView(await openProject(invocation.folder));
  const piece = findEvidence(view, id);
  const { index, origin, role, signerName, statement } = piece;
  const decisions =
    piece.kind === 'decision'
      ? await (await import('@holdfast/pipeline/verify-archive')).replayDecisions(view, reader, piece.id)
      : [];
  const about = statement.subject.map(({ name, digest }) => name ?? artifactId(digest)).join(', ');
  return {
    exit: decisions.some(({ problem }) => problem !== undefined) ? 1 : 0,
    lines: [
      ...good(terminal, `${shortHex(piece.id)} about ${about}`),
      ...good(terminal, `signed by ${signerName}, who held the role ${role} then`),
      ...good(terminal, `entry ${index} of ${origin}, proven in a signed tree of ${piece.checkpoint.size}`),
      ...decisions.flatMap(({ result, problem }) =>
        problem === undefined
          ? good(terminal, `the decision (${result}) replays to the same answer`)
          : bad(terminal, problem),
      ),
    ],
    result: { id: piece.id, index, signer: signerName, role, decisions },
  };
}
