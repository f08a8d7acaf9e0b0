export { preAuthenticationEncoding as pae } from './verify/pae.ts';
