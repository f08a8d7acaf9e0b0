// A proxy that does nothing but pass on: node:http in, undici's dispatch out. What a proxy in Node costs at least.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port = '0', upstream = '0'] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 256, pipelining: 1 });
const server = createServer((message, response) => {
  const pieces: Buffer[] = [];
  message.on('data', (piece: Buffer) => pieces.push(piece));
  message.on('end', () => {
    const answer: Buffer[] = [];
    pool.dispatch(
      {
        method: 'POST',
        path: message.url ?? '/',
        headers: { 'content-type': 'application/json' },
        body: Buffer.concat(pieces),
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: (_, piece) => {
          answer.push(piece);
        },
        onResponseEnd: () => {
          const body = Buffer.concat(answer);
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
          response.end(body);
        },
        onResponseError: (_, error) => {
          console.error(error);
          response.destroy(error);
        },
      },
    );
  });
});
// Nobody hangs up between rounds.
server.keepAliveTimeout = 600_000;
server.listen(Number(port), '127.0.0.1', () => {
  console.log('listening');
});
