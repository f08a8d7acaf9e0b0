import type { ServingEvents } from '@holdfast/gateway/serve/chain';

/** What a gateway did since it started. */
export interface GatewayTally {
  readonly answered: number;
  readonly refused: number;
  /** How often it answered itself, by code. */
  readonly codes: Readonly<Record<string, number>>;
  readonly events: ServingEvents;
}

export function gatewayTally(): GatewayTally {
  const codes: Record<string, number> = {};
  const counts = { answered: 0, refused: 0 };
  return {
    get answered() {
      return counts.answered;
    },
    get refused() {
      return counts.refused;
    },
    codes,
    events: {
      answered: ({ code }) => {
        if (code === undefined) counts.answered += 1;
        else {
          counts.refused += 1;
          codes[code] = (codes[code] ?? 0) + 1;
        }
      },
    },
  };
}
