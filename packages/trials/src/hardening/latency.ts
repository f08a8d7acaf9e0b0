import { openSession, type Session, type TensorData } from '@holdfast/inference';
import { quantile } from '@holdfast/statistics';

/** Milliseconds of a run: the median, and the quartiles around it. */
export interface Latency {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Runs before anything is measured: the first ones allocate. */
const warmUp = 3;

/**
 * How long models take for the same feeds, on ONNX Runtime. They take turns, so that what else the machine does hits all.
 * @param threads within an operator
 */
export async function latencies(
  files: readonly Uint8Array[],
  feeds: readonly Readonly<Record<string, TensorData>>[],
  { runs, threads }: { readonly runs: number; readonly threads: number },
): Promise<Latency[]> {
  const sessions: Session[] = [];
  try {
    for (const file of files) sessions.push(await openSession(file, { threads }));
    const times = files.map(() => [] as number[]);
    for (let run = -warmUp; run < runs; run += 1) {
      for (const [place, session] of sessions.entries()) {
        const start = performance.now();
        await session.run(feeds[place] ?? {});
        if (run >= 0) times[place]?.push(performance.now() - start);
      }
    }
    return times.map((each) => ({
      median: quantile(each, 0.5),
      low: quantile(each, 0.25),
      high: quantile(each, 0.75),
    }));
  } finally {
    await Promise.all(sessions.map(async (session) => session.release()));
  }
}
