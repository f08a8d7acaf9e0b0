/** A worker thread of the pool: takes some {@link RangeTask}s at a time, answers with their {@link RangeResult}s. */
import { parentPort } from 'node:worker_threads';
import { hashRange, type RangeTask, readBuffer } from './range.ts';

const buffer = readBuffer();
parentPort?.on('message', (tasks: readonly RangeTask[]) => {
  parentPort?.postMessage(tasks.map((task) => hashRange(task, buffer)));
});
