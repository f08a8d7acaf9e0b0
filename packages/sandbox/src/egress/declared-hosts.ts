import { SandboxError, shown } from '../errors.ts';
import { hostNameOf, isAddress } from './host-name.ts';
import { Refusal } from './refusal.ts';

/** A host that a stage may reach, at one port. */
export interface DeclaredHost {
  readonly host: string;
  readonly port: number;
  /** Whether the port stands in the list; without one it is 443, and TLS. */
  readonly isPortNamed: boolean;
}

const maximumHosts = 64;
const httpsPort = 443;

/** The hosts of one stage. */
export class DeclaredHosts {
  readonly #byAuthority: ReadonlyMap<string, DeclaredHost>;

  /**
   * @param list `pypi.example`, `mirror.example:8080`.
   * @throws SandboxError HF_SANDBOX_REQUEST.
   */
  constructor(list: readonly string[]) {
    if (list.length === 0) throw refusal('the list of hosts is empty', 'write `network: none`');
    if (list.length > maximumHosts) throw refusal(`more than \`${maximumHosts}\` hosts`);
    const hosts = list.map((entry) => readHost(entry));
    // of `a` and `a:443` the one that says more
    const ordered = hosts.toSorted((one, other) => Number(one.isPortNamed) - Number(other.isPortNamed));
    this.#byAuthority = new Map(ordered.map((host) => [`${host.host}:${host.port}`, host]));
  }

  /** `only pypi.example:443, localhost:8443`. */
  describe(): string {
    return `only ${[...this.#byAuthority.keys()].toSorted().join(', ')}`;
  }

  names(): ReadonlySet<string> {
    return new Set([...this.#byAuthority.values()].map(({ host }) => host));
  }

  /**
   * The entry of the list that somebody means by a host, as spelled in a request, and a port.
   *
   * @throws Refusal When it is an address, no name, or not in the list.
   */
  find(spelling: string, port: number): DeclaredHost {
    const host = hostNameOf(spelling);
    if (host === undefined) throw new Refusal(isAddress(spelling) ? 'is an address, not a name' : 'is no host name');
    const declared = this.#byAuthority.get(`${host}:${port}`);
    if (declared !== undefined) return declared;
    throw new Refusal(this.names().has(host) ? 'is another port of a declared host' : 'is not a declared host');
  }
}

function readHost(entry: string): DeclaredHost {
  const [, name = '', digits] = /^([^:]*)(?::([1-9][0-9]{0,4}))?$/.exec(entry) ?? [];
  const host = hostNameOf(name);
  const port = digits === undefined ? httpsPort : Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port, isPortNamed: digits !== undefined };
  const fix = 'write names such as `pypi.example` or `mirror.example:8080`; addresses cannot be declared';
  throw refusal(`${shown(entry)} is not a host name with or without a port`, fix);
}

function refusal(message: string, fix?: string): SandboxError {
  return new SandboxError('HF_SANDBOX_REQUEST', message, fix === undefined ? {} : { fix });
}
