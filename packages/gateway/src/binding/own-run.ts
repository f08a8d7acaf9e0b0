/**
 * The program in which a model is run to compare a model server with: started by `ownAnswers`, of no use by itself. A run of its own,
 * because the runtime works on the thread that asks, and a gateway has others to answer.
 */

import { deserialize, serialize } from 'node:v8';
import { openSession } from '@holdfast/inference/session';
import type { OwnRun, OwnRunAnswer } from './own-answers.ts';

async function answerOf(bytes: Buffer): Promise<OwnRunAnswer> {
  const { file, feeds } = deserialize(bytes) as OwnRun;
  const session = await openSession(file, { threads: 1 });
  const outputs = [];
  for (const each of feeds) outputs.push(await session.run(each));
  return { outputs };
}

const pieces: Buffer[] = [];
for await (const piece of process.stdin) pieces.push(piece as Buffer);
const answer = await answerOf(Buffer.concat(pieces)).catch((error: unknown): OwnRunAnswer => {
  return { failure: error instanceof Error ? error.message : String(error) };
});
process.stdout.write(serialize(answer), () => process.exit(0));
