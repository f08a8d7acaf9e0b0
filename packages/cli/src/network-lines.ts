import type { RunAccount } from '@holdfast/sandbox/isolation';

/** Whom a run talked to through the egress proxy, and whom it was not let to: a line each, at most five of either. */
export function networkLines({ network }: RunAccount): string[] {
  if (network === undefined) return [];
  const peers = network.peers.map(
    ({ host, port, sentBytes, receivedBytes }) =>
      `reached ${host}:${port}, ${sentBytes} bytes out, ${receivedBytes} in`,
  );
  const refused = network.refused.map(
    ({ target, reason, count }) => `did not reach ${target}: it ${reason} (${count} times)`,
  );
  return [...peers.slice(0, 5), ...refused.slice(0, 5).map((line) => line.replace(' (1 times)', ''))];
}
