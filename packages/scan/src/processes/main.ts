// A process that scans: it may die, hang or be stopped without anything of the others getting lost.
import { flushCompileCache } from 'node:module';
import { jobsWith } from '../paths/carry-out.ts';
import type { CarryOut } from '../paths/job.ts';
import type { Answer, Order } from './messages.ts';

/** Progress is told at most this often, in milliseconds. */
const pause = 100;
const parent = process.ppid;
let carryOut: CarryOut | undefined;

const answer = (message: Answer): void => {
  process.send?.(message);
};

async function obey(order: Order): Promise<void> {
  if (order.kind === 'begin') {
    carryOut = jobsWith(order.options);
    return;
  }
  const { index, job } = order;
  let told = performance.now();
  const result = await carryOut?.(job, (bytes) => {
    if (performance.now() - told < pause) return;
    // While it scans, this process hears nothing: not even that nobody waits for it any more.
    if (process.ppid !== parent) process.exit(1);
    told = performance.now();
    answer({ kind: 'progress', index, bytes });
  });
  // This process will be killed, not end: what was compiled would be compiled again the next time.
  flushCompileCache();
  if (result !== undefined) answer({ kind: 'done', index, result });
}

process.on('message', (order: Order) => void obey(order));
// Nobody is left to tell.
process.on('disconnect', () => process.exit(1));
