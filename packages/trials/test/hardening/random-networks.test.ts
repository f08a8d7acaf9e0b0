import { it } from 'vitest';
import { hardenRandomNetworks } from './random-networks.ts';

it('networks of any form keep inputs, outputs and what they compute, quantised and pruned', async () => {
  await hardenRandomNetworks(20, 11);
});
