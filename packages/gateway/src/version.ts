/** The version of what the gateway learns, as evidence names it; that of the package (a test says so). */
export const gatewayVersion = '0.1.0';
