// Written by `npm run generate` from the allowlist.
/** SHA-256 of the allowlist that comes with the scanner, in hex. */
export const allowlistDigest = 'd5ba13c56bbbabe782fc3057af1c29e9bf2eb91f85f11adf4e11dc48d81a575d';
