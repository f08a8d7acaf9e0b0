import { z } from 'zod';
import { projectPath } from './scalars.ts';
import { strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

const outsideFile = z
  .string({ error: expected('a path') })
  .max(1024, { error: 'is longer than 1024 characters' })
  .regex(/^(?:~\/|\/)[^/]/, {
    error: refused('is neither absolute nor below `~/`: private keys lie outside of the project'),
  });

const tls = strict({
  certificate: projectPath.describe('The certificate chain, PEM.'),
  key: outsideFile.describe('Its private key, PEM, absolute or below `~/`.'),
  clients: projectPath
    .exactOptional()
    .describe('Authorities whose client certificates are asked for, PEM; without it none are.'),
});

/** Where the gateway listens. */
export const gatewayListener = strict({
  address: z
    .union([z.ipv4(), z.ipv6()], { error: expected('an address such as `127.0.0.1`') })
    .exactOptional()
    .describe('`127.0.0.1` when left out. Elsewhere than on this machine it takes `tls` and `callers`.'),
  port: z
    .int({ error: expected('a port') })
    .min(0)
    .max(65_535)
    .exactOptional()
    .describe('8080 when left out; 0 takes one that is free.'),
  tls: tls.exactOptional().describe('TLS 1.3; without it plain HTTP.'),
});
export type GatewayListener = z.output<typeof gatewayListener>;
