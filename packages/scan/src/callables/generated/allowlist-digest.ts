// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'cfbe0e78c549e0ec684f3d2c769651dc5b4608d6135342fff9d913fed6e49f99';
