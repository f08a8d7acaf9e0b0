// A process that runs one pattern: it may take for ever, or all memory that it has, and is then killed.
import type { PatternAnswer, PatternOrder } from './messages.ts';

const pattern = new RegExp(process.argv[2] ?? '', 'v');

function answer({ number, texts }: PatternOrder): PatternAnswer {
  try {
    return { number, found: Uint8Array.from(texts, (text) => (pattern.test(text) ? 1 : 0)) };
  } catch (problem) {
    // The engine's own stack of places to go back to has an end.
    return { number, failed: problem instanceof Error ? problem.message : 'failed' };
  }
}

process.on('message', (order: PatternOrder) => {
  process.send?.(answer(order));
});
process.send?.('ready');
// Nobody is left to tell.
process.on('disconnect', () => process.exit(1));
