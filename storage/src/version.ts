/** As in package.json; the RPC's `version` says it. */
export const VERSION = '0.1.0';
