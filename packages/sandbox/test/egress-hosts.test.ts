import { SandboxError } from '@holdfast/sandbox';
import { addressProblem } from '@holdfast/sandbox/egress/address-rule';
import { DeclaredHosts } from '@holdfast/sandbox/egress/declared-hosts';
import { hostNameOf, isAddress } from '@holdfast/sandbox/egress/host-name';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('a host name', () => {
  it.each([
    ['pypi.example', 'pypi.example'],
    ['PyPI.Example', 'pypi.example'],
    ['pypi.example.', 'pypi.example'],
    ['localhost', 'localhost'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['3com.example', '3com.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
    [`${'a.'.repeat(126)}a`, `${'a.'.repeat(126)}a`], // 253
  ])('has one spelling: %s', (spelling, name) => {
    expect(hostNameOf(spelling)).toBe(name);
  });

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', 'a..b'],
    ['two dots at the end', 'a.example..'],
    ['a dot before it', '.a.example'],
    ['a wildcard', '*.example'],
    ['a label of 64', `${'a'.repeat(64)}.example`],
    ['254 characters', `${'a.'.repeat(126)}ab`],
    ['a hyphen first', '-a.example'],
    ['a hyphen last', 'a-.example'],
    ['a user', 'user@a.example'],
    ['a port', 'a.example:443'],
    ['a blank', 'a .example'],
    ['a line break', 'a.example\n'],
    ['a NUL', 'a.example\0'],
    ['a letter of Unicode', 'bücher.example'],
    ['the sign for Kelvin, which is a k in lower case', '\u212A.example'],
    ['the long s, which is an S in upper case', '\u017F.example'],
  ])('cannot have %s', (_, spelling) => {
    expect(hostNameOf(spelling)).toBe(undefined);
  });

  // https://url.spec.whatwg.org/#ends-in-a-number-checker, inet_aton(3), RFC 4291 section 2.2
  it.each([
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '127.0x1',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0X7F.1',
    '0x',
    'a.example.1',
    '::1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    'fe80::1%eth0',
  ])('is no address: %s', (spelling) => {
    expect(isAddress(spelling)).toBe(true);
    expect(hostNameOf(spelling)).toBe(undefined);
  });
});

describe('a list of hosts', () => {
  const hosts = new DeclaredHosts(['PyPI.Example', 'mirror.example:8080', 'b.example', 'b.example:443']);

  it.each([
    ['pypi.example', 443, { host: 'pypi.example', port: 443, isPortNamed: false }],
    ['PYPI.EXAMPLE.', 443, { host: 'pypi.example', port: 443, isPortNamed: false }],
    ['mirror.example', 8080, { host: 'mirror.example', port: 8080, isPortNamed: true }],
    ['b.example', 443, { host: 'b.example', port: 443, isPortNamed: true }],
  ])('holds %s and port %i', (host, port, expected) => {
    expect(hosts.find(host, port)).toEqual(expected);
  });

  it.each([
    ['mirror.example', 443, 'is another port of a declared host'],
    ['pypi.example', 80, 'is another port of a declared host'],
    ['files.pypi.example', 443, 'is not a declared host'],
    ['example', 443, 'is not a declared host'],
    ['pypi.example.evil.example', 443, 'is not a declared host'],
    ['xpypi.example', 443, 'is not a declared host'],
    ['127.0.0.1', 443, 'is an address, not a name'],
    ['[::1]', 443, 'is an address, not a name'],
    ['pypi.example\0.evil.example', 443, 'is no host name'],
    ['', 443, 'is no host name'],
  ])('does not hold %j and port %i', (host, port, reason) => {
    expect(() => hosts.find(host, port)).toThrow(expect.objectContaining({ message: reason }));
  });

  it('is described with every port', () => {
    expect(hosts.describe()).toBe('only b.example:443, mirror.example:8080, pypi.example:443');
  });

  it.each([
    ['nothing', []],
    ['an empty name', ['']],
    ['an address', ['10.0.0.1']],
    ['an IPv6 address', ['[::1]:443']],
    ['a URL', ['https://data.example']],
    ['a path', ['pypi.example/simple']],
    ['a wildcard', ['*.example']],
    ['port 0', ['a.example:0']],
    ['port 65536', ['a.example:65536']],
    ['a port with a zero before it', ['a.example:0443']],
    ['a port that is no number', ['a.example:https']],
    ['a colon without a port', ['a.example:']],
    ['two ports', ['a.example:1:2']],
    ['a line break', ['a.example\nb.example']],
    ['65 hosts', Array.from({ length: 65 }, (_, at) => `h${at}.example`)],
  ])('cannot hold %s', (_, list) => {
    expect(() => new DeclaredHosts(list)).toThrow(expect.objectContaining({ code: 'HF_SANDBOX_REQUEST', exit: 2 }));
  });

  it('holds what it was made from, or is refused', () => {
    const withPort = fc.tuple(fc.domain(), fc.nat(70_000)).map(([name, port]) => `${name}:${port}`);
    const anything = fc.oneof(fc.domain(), withPort, fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(anything, anything, (entry, other) => {
        try {
          const [list, [name = '', port = '443']] = [new DeclaredHosts([entry]), entry.split(':')];
          expect(list.find(name, Number(port)).host).toMatch(/^[a-z0-9.-]+$/);
          if (hostNameOf(other) !== hostNameOf(name)) expect(() => list.find(other, Number(port))).toThrow();
        } catch (error) {
          expect(error).toBeInstanceOf(SandboxError);
        }
      }),
    );
  });
});

describe('an address that a name leads to', () => {
  const problemOf = (host: string, address: string) =>
    addressProblem(host, { address, family: address.includes(':') ? 6 : 4 });

  // RFC 5735, 5771, 1122, 4291, 3879, 6890; RFC 6052 section 2.1 with the well-known prefix; RFC 3056 section 2
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['64:ff9b::127.0.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['::ffff:0.0.0.0', 'unspecified'],
    ['169.254.169.254', 'link-local'],
    ['169.254.0.1', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['::ffff:224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['192.0.0.192', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['100.100.100.200', 'for cloud metadata'],
    ['168.63.129.16', 'for cloud metadata'],
    ['fd00:ec2::254', 'for cloud metadata'],
    ['2002:7f00:1::1', 'for a transition to IPv6'],
    ['::ffff:0:127.0.0.1', 'for a transition to IPv6'],
  ])('cannot be %s', (address, kind) => {
    expect(problemOf('pypi.example', address)).toBe(`leads to an address that is ${kind}`);
    expect(problemOf('localhost.example', address)).not.toBe(undefined);
  });

  it.each(['', 'localhost', '127.0.0.1 ', '1.2.3', 'fe80::1%eth0', '::ffff:1.2.3.4%1', '0x7f.0.0.1'])(
    'cannot be %j',
    (address) => {
      expect(problemOf('pypi.example', address)).toBe('leads to what is no address');
      expect(problemOf('localhost', address)).toBe('leads to what is no address');
    },
  );

  it.each(['93.184.215.14', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '2606:2800:21f:cb07::1', 'fd12::1'])(
    'can be %s, but not of localhost',
    (address) => {
      expect(problemOf('pypi.example', address)).toBe(undefined);
      expect(problemOf('localhost', address)).toBe('leads away from this machine');
    },
  );

  it.each(['127.0.0.1', '127.0.1.1', '::1'])('can be %s of localhost', (address) => {
    expect(problemOf('localhost', address)).toBe(undefined);
  });

  it.each(['0.0.0.0', '::', '169.254.169.254', '64:ff9b::127.0.0.1'])('cannot be %s of localhost', (address) => {
    expect(problemOf('localhost', address)).toBe('leads away from this machine');
  });

  it('is forbidden as IPv4 and in its mapped form alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(problemOf('a.example', `::ffff:${address}`)).toBe(problemOf('a.example', address));
      }),
    );
  });
});
