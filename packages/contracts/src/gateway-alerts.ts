import { z } from 'zod';
import { duration } from './duration.ts';
import { strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

function isSafe(text: string): boolean {
  if (!/^https?:\/\/[!-~]+$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || /^(?:127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const webhook = strict({
  address: z
    .string({ error: expected('an HTTPS address') })
    .max(2048, { error: 'is longer than 2048 characters' })
    .refine(isSafe, {
      error: 'is neither an HTTPS address nor an HTTP one of this machine such as `http://127.0.0.1:9000/`',
    })
    .describe('HTTPS, or HTTP on this machine. What it redirects to is not followed.'),
  secret: z
    .string({ error: expected('a path') })
    .max(1024, { error: 'is longer than 1024 characters' })
    .regex(/^(?:~\/|\/)[^/]/, {
      error: refused('is neither absolute nor below `~/`: secrets lie outside of the project'),
    })
    .describe('The file of the key that alarms are signed with: 32 characters or more, readable by its owner only.'),
});

/** Who is told when something is raised, and when it is over. */
export const gatewayAlerts = strict({
  webhook: webhook.exactOptional().describe('An address that is told of each; without it nobody is.'),
  least: duration.exactOptional().describe('How long an alarm is raised at least; `60s` when left out.'),
});
export type GatewayAlerts = z.output<typeof gatewayAlerts>;
