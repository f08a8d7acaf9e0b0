import type { EvidenceView } from '@holdfast/evidence';
import type { ReplayedDecision } from '@holdfast/pipeline';
import type { Terminal } from './terminal.ts';

/** What a verified ledger shows, for people. */
export function viewLines(view: EvidenceView, decisions: readonly ReplayedDecision[], terminal: Terminal): string[] {
  const good = terminal.paint('green', '✓');
  const bad = terminal.paint('red', '✗');
  const { evidence, ignored, broken, size, origin } = view;
  return [
    ...broken.map(({ index, code, message }) => `${bad} entry ${index}: ${message} (${code})`),
    ...(broken.length > 0 ? [] : [`${good} ${evidence.length} pieces of evidence, every signature by a key that had the role then`]),
    ...ignored.map(({ index, code, message }) => `! entry ${index} counts for nothing: ${message} (${code})`),
    ...(broken.length > 0 ? [] : [`${good} all in one ledger: ${origin}, ${size} entries, no fork, no gap`]),
    ...decisions.map(({ id, artifact, environment, result, problem }) => {
      const name = `decision ${id.slice(0, 8)}… (${artifact} → ${environment}: ${result})`;
      return problem === undefined ? `${good} ${name} replays to the same answer` : `${bad} ${name} does not: ${problem}`;
    }),
  ];
}
