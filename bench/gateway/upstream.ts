// A model server that costs nothing: the same answer to everything, as fast as Node says it.
import { createServer } from 'node:http';

const answer = Buffer.from(
  '{"model_name":"model","outputs":[{"name":"probability","datatype":"FP32","shape":[1,2],"data":[0.73105,0.26895]}]}',
);
const server = createServer((message, response) => {
  message.resume();
  message.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});
// Nobody hangs up between rounds.
server.keepAliveTimeout = 600_000;
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  console.log('listening');
});
