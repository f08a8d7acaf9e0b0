import { BlockList, type IPVersion, isIP } from 'node:net';

/** Where a name leads to. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

const loopback = ['127.0.0.0/8', '::1/128'];

/**
 * Where no name may lead to: this machine itself, its link, everybody at once, and nobody. RFC 6890 and the registries
 * https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry.
 */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0.0.0.0/8', '::/128'],
  loopback,
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  reserved: ['240.0.0.0/4', '192.0.0.0/24', '::/96', 'fec0::/10'],
  // beyond 169.254.169.254: Alibaba Cloud, Azure, and by IPv6 AWS and Google Cloud
  'for cloud metadata': ['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  // an IPv4 address in another dress: 6to4 (RFC 3056), SIIT (RFC 2765)
  'for a transition to IPv6': ['2002::/16', '::ffff:0:0:0/96'],
};

/** An IPv4 address stands behind it: RFC 6052. Networks with IPv6 alone reach the others by it. */
const nat64Prefix = '64:ff9b::';

const lists = Object.entries(forbidden).map(([kind, ranges]) => ({
  kind,
  list: listOf([...ranges, ...ranges.flatMap(translated)]),
}));
const loopbackList = listOf(loopback);

/** `net.BlockList` finds the IPv4-mapped form of an IPv4 range by itself. */
function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), versionOf(network));
  }
  return list;
}

function translated(range: string): string[] {
  const [network = '', bits = ''] = range.split('/');
  return isIP(network) === 4 ? [`${nat64Prefix}${network}/${96 + Number(bits)}`] : [];
}

function versionOf(address: string): IPVersion {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/**
 * Why a name may not lead to an address, or `undefined` when it may. Addresses of private networks are allowed:
 * mirrors are there. `localhost` may lead to the loopback address, and nowhere else (RFC 6761 section 6.3).
 */
export function addressProblem(host: string, { address }: Address): string | undefined {
  if (isIP(address) === 0 || address.includes('%')) return 'leads to what is no address';
  const family = versionOf(address);
  if (host === 'localhost') return loopbackList.check(address, family) ? undefined : 'leads away from this machine';
  const found = lists.find(({ list }) => list.check(address, family));
  return found === undefined ? undefined : `leads to an address that is ${found.kind}`;
}
