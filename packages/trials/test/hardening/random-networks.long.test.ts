import { it } from 'vitest';
import { hardenRandomNetworks } from './random-networks.ts';

it('a thousand networks of any form keep inputs, outputs and what they compute', async () => {
  await hardenRandomNetworks(1000, 12);
}, 600_000);
