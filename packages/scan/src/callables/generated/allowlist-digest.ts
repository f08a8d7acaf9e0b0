// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'd82ca5b77b53f3fa15e98ed02e4ebfb463af9573541721164381027942862c45';
