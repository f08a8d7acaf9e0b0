import type { Bounds } from './bounds.ts';
import type { DeclaredHosts } from './declared-hosts.ts';
import type { Destinations } from './destination.ts';
import type { Tally } from './tally.ts';

/** What every connection of one run goes by. */
export interface Gate {
  readonly hosts: DeclaredHosts;
  readonly destinations: Destinations;
  readonly tally: Tally;
  readonly bounds: Bounds;
}
