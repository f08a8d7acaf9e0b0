/**
 * The program in a sandbox that takes connections on its loopback interface and passes every byte on to the socket of
 * the proxy, which is all that it can reach itself. Started by `startForwarder` and of no use otherwise.
 *
 * `argv`: the path of the socket, the port. It says `ready` on standard output, and nothing ever again.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';

const [socketPath = '', port = ''] = process.argv.slice(2);

/** An orderly end of one side is passed on by `pipe`; everything else ends both. */
function breakWith(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy());
  one.on('close', () => {
    if (!one.readableEnded || !one.writableFinished) other.destroy();
  });
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const proxy = connect({ path: socketPath, allowHalfOpen: true });
  breakWith(client, proxy);
  breakWith(proxy, client);
  client.pipe(proxy).pipe(client);
});

// What is sent to the whole group of the command is not meant for it; it ends with the sandbox.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) process.on(signal, () => undefined);

server.listen(Number(port), '127.0.0.1', () => {
  writeSync(1, 'ready\n');
  // held open, the output of the command would not end before this program
  for (const descriptor of [1, 2]) {
    closeSync(descriptor);
    openSync('/dev/null', 'w');
  }
});
