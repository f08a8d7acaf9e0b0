import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What a caller takes at least in the time it is given. */
const least = 64 * 1024;

interface Reader {
  /** Since when something waits, in milliseconds of a clock that only goes forward; undefined while nothing does. */
  since: number | undefined;
  /** Bytes that it has to have taken in its time. */
  goal: number;
}

const readTimes = new WeakMap<Socket, number>();

/**
 * Cuts connections whose caller does not take what waits for it: 64 KiB, or all there is, in each `readMs`. What the system keeps for a
 * connection counts as taken. Looks at all connections a few times in that time, and costs a request nothing.
 */
export function cutSlowReaders(server: Server, readMs: number): void {
  const readers = new Map<Socket, Reader>();
  const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
  server.on(event, (socket: Socket) => {
    readers.set(socket, { since: undefined, goal: 0 });
    socket.on('close', () => readers.delete(socket));
  });
  const everyMs = Math.min(1000, readMs / 4);
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // Where it is this process that stood still, nothing is known of its callers.
    const stood = now - last > 2 * everyMs;
    last = now;
    for (const [socket, reader] of readers) {
      if (stood) reader.since = undefined;
      look(socket, reader, now, readMs);
    }
  }, everyMs).unref();
  server.on('close', () => {
    clearInterval(timer);
  });
}

function look(socket: Socket, reader: Reader, now: number, readMs: number): void {
  const waiting = socket.writableLength;
  if (waiting === 0) {
    reader.since = undefined;
    return;
  }
  const taken = socket.bytesWritten - waiting;
  if (reader.since === undefined || taken >= reader.goal) {
    reader.since = now;
    reader.goal = taken + Math.min(least, waiting);
  } else if (now - reader.since > (readTimes.get(socket) ?? readMs)) socket.destroy();
}

/** How long the caller of a request may take for each 64 KiB of its answer, where that is not what its listener says. */
export function allowReading({ req }: ServerResponse, readMs: number | undefined): void {
  if (readMs === undefined) readTimes.delete(req.socket);
  else readTimes.set(req.socket, readMs);
}

/** Ends an answer with its body: a long one in pieces, as the caller takes them, so that it is seen whether it does. */
export function sendBody(response: ServerResponse, body: Uint8Array, readMs: number | undefined): void {
  if (body.length <= least) {
    response.end(body);
    return;
  }
  allowReading(response, readMs);
  let at = 0;
  const send = (): void => {
    for (let takes = true; takes && at < body.length; at += least)
      takes = response.write(body.subarray(at, at + least));
    if (at < body.length) return;
    response.off('drain', send);
    response.end();
  };
  response.on('drain', send);
  send();
}
