// A proxy that only passes streams on: node:http in, undici's dispatch out. What a proxy in Node costs at least.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port = '0', upstream = '0'] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 1024, pipelining: 1 });
const server = createServer((message, response) => {
  const pieces: Buffer[] = [];
  message.on('data', (piece: Buffer) => pieces.push(piece));
  message.on('end', () => {
    const headers = { 'content-type': 'application/json' };
    pool.dispatch(
      { method: 'POST', path: message.url ?? '/', headers, body: Buffer.concat(pieces) },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
        },
        onResponseData: (controller, piece) => {
          if (response.write(piece)) return;
          controller.pause();
          response.once('drain', () => {
            controller.resume();
          });
        },
        onResponseEnd: () => response.end(),
        onResponseError: (_, error) => {
          console.error(error);
          response.destroy(error);
        },
      },
    );
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(port), '127.0.0.1', () => {
  console.log('listening');
});
