// A model server that streams: frames of about 120 bytes at a steady pace, and at the end the digest of them all.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const [port = '0', frames = '20', everyMs = '100'] = process.argv.slice(2);
const count = Number(frames);
const pad = 'x'.repeat(60);
const server = createServer((message, response) => {
  message.resume();
  message.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const digest = createHash('sha256');
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < count) {
        const frame = `data: {"sent":${process.hrtime.bigint()},"at":${sent},"delta":"${pad}"}\n\n`;
        digest.update(frame);
        response.write(frame);
        sent += 1;
        return;
      }
      clearInterval(timer);
      const usage = `"usage":{"completion_tokens":${count}}`;
      response.end(`data: {"digest":"${digest.digest('hex')}",${usage}}\n\ndata: [DONE]\n\n`);
    }, Number(everyMs));
    response.on('close', () => {
      clearInterval(timer);
    });
  });
});
server.keepAliveTimeout = 600_000;
server.listen(Number(port), '127.0.0.1', () => {
  console.log('listening');
});
