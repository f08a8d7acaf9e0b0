import type { Authenticator, Caller } from './caller.ts';

const everybody: Caller = { id: 'anybody', name: 'anybody', roles: ['caller'], tenant: 'anybody' };

/** Asks nobody who they are: for a gateway that only this machine reaches, with no callers declared. The built-in policy lets them ask. */
export const anybody: Authenticator = {
  authenticate: () => everybody,
  close: () => undefined,
};
