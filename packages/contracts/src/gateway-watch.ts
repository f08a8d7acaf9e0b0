import { z } from 'zod';
import { gatewayAlerts } from './gateway-alerts.ts';
import { strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

/** Where the gateway shows what it sees: a second listener that only this machine reaches. */
export const gatewayWatch = strict({
  address: z
    .enum(['127.0.0.1', '::1'], { error: expected('`127.0.0.1` or `::1`: only this machine') })
    .exactOptional()
    .describe('`127.0.0.1` when left out; never an address of other machines.'),
  port: z
    .int({ error: expected('a port') })
    .min(0)
    .max(65_535)
    .exactOptional()
    .describe('9464 when left out; 0 takes one that is free.'),
  token: z
    .string({ error: expected('a path') })
    .max(1024, { error: 'is longer than 1024 characters' })
    .regex(/^(?:~\/|\/)[^/]/, {
      error: refused('is neither absolute nor below `~/`: secrets lie outside of the project'),
    })
    .describe('The file that holds the token: 32 characters or more, readable by its owner only.'),
  window: z
    .int({ error: expected('a whole number from 50 to 10000') })
    .min(50)
    .max(10_000)
    .exactOptional()
    .describe('Rows that are compared with the training data at a time; 1000 when left out.'),
  alerts: gatewayAlerts.exactOptional().describe('Who is told of alarms; each is evidence either way.'),
});
export type GatewayWatch = z.output<typeof gatewayWatch>;
