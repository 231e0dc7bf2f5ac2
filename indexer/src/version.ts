/** As in package.json; `GET /v1/info` says it. */
export const VERSION = '0.1.0';
