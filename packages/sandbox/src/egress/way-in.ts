import { realpathSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Bind } from '../file-plan.ts';
import { isWithin } from '../paths.ts';

/** What a sandbox needs so that a command in it finds the proxy. */
export interface WayIn {
  /** To be seen read-only. */
  readonly binds: readonly Bind[];
  /** Put before the command's argv, in the sandbox. */
  readonly inside: readonly string[];
  /** For the command; the environment of the forwarder is empty. */
  readonly variables: Readonly<Record<string, string>>;
}

/** In `/run`, where no input can be. */
const folder = '/run/holdfast';
const socketInside = join(folder, 'egress');
const nodeInside = join(folder, 'node');

/** The sandbox has a loopback interface of its own, so any port is free when it starts; this one IANA has not assigned. */
const port = 14_793;

/** Four threads of Node.js without workers of V8, and the shell between while it starts. */
export const forwarderTasks = 5;

export interface WayInRequest {
  /** Of the proxy, outside. */
  readonly socket: string;
  /** What the sandbox shows anyway, absolute paths. */
  readonly binds: readonly string[];
  /** Names that may be reached. */
  readonly hosts: ReadonlySet<string>;
  /** `HOLDFAST_RUN` of the run, by which leftovers are found. */
  readonly marker: string | undefined;
}

/**
 * A forwarder beside the command: its own process, not the parent of it, so that what becomes of the command is seen
 * as without it, and a command that kills it has no network, and nothing else.
 */
export function wayIn({ socket, binds, hosts, marker }: WayInRequest): WayIn {
  const program = realpathSync(process.execPath);
  const isShown = binds.some((path) => isWithin(path, program));
  // development runs TypeScript, what is published is JavaScript; neither finds a package.json in the sandbox
  const extension = extname(import.meta.filename);
  const forwarder = join(folder, `forwarder.m${extension.slice(1)}`);
  const words = [`HOLDFAST_RUN=${marker ?? ''}`, isShown ? program : nodeInside, forwarder, socketInside, String(port)];
  return {
    binds: [
      ...(isShown ? [] : [{ source: program, path: nodeInside }]),
      { source: join(import.meta.dirname, `forwarder${extension}`), path: forwarder },
      { source: socket, path: socketInside },
    ],
    inside: ['/bin/sh', '-c', startForwarder, 'sh', ...words],
    variables: proxyVariables(hosts),
  };
}

/**
 * `$(… &)` ends when the forwarder closes its standard output, which it does when it listens; the shell then becomes
 * the command. `env -i`, because NODE_OPTIONS and the like are for the command.
 */
const startForwarder = `
case $(/usr/bin/env -i "$1" "$2" --v8-pool-size=0 --disable-warning=ExperimentalWarning "$3" "$4" "$5" </dev/null &) in
ready) shift 5; exec "$@" ;;
esac
echo 'holdfast: the way to the egress proxy did not open' >&2
exit 125`;

/** Both spellings, because programs read one or the other. Where `localhost` is declared, the one outside is meant. */
function proxyVariables(hosts: ReadonlySet<string>): Record<string, string> {
  const proxy = `http://127.0.0.1:${port}`;
  const direct = [...(hosts.has('localhost') ? [] : ['localhost']), '127.0.0.1', '::1'].join(',');
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    NODE_USE_ENV_PROXY: '1',
  };
}
