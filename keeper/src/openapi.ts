import {
  attestRequestSchema,
  attestResponseSchema,
  infoResponseSchema,
  journalResponseSchema,
  KEEPER_PROBLEMS,
  type KeeperProblemCode,
  sharesRequestSchema,
  sharesResponseSchema,
} from '@chartkey/sdk';
import { type Operation, openApiOf } from '@chartkey/service';
import { VERSION } from './version.ts';

/** What every request may be answered with, and what those that carry a body may be too. */
const ANY: readonly KeeperProblemCode[] = ['INTERNAL', 'RATE_LIMITED', 'METHOD_NOT_ALLOWED'];
const BODY: readonly KeeperProblemCode[] = ['INPUT_INVALID', 'INPUT_TOO_LARGE', 'MEDIA_TYPE_UNKNOWN', 'BUSY'];
const CHAIN: readonly KeeperProblemCode[] = [
  'CHAIN_UNREACHABLE',
  'CHAIN_BEHIND',
  'CHAIN_DISAGREES',
  'CHAIN_STALE',
];
const ENVELOPE: readonly KeeperProblemCode[] = [
  'WRONG_CHAIN',
  'WRONG_CONTRACT',
  'KEEPER_SET_WRONG',
  'ENVELOPE_MALFORMED',
  'NOT_MY_ENVELOPE',
  'SHARE_BROKEN',
];

const OPERATIONS: Readonly<Record<string, Operation<KeeperProblemCode>>> = {
  'post /v1/shares': {
    summary: 'Shares of the records of an opening that stands on the log, sealed to its one-time key',
    request: sharesRequestSchema,
    response: sharesResponseSchema,
    problems: [...BODY, ...CHAIN],
  },
  'post /v1/attest': {
    summary: 'Whether this keeper can open its block of an envelope',
    request: attestRequestSchema,
    response: attestResponseSchema,
    problems: [...BODY, ...CHAIN, ...ENVELOPE],
  },
  'get /v1/info': {
    summary: 'Who this keeper is',
    response: infoResponseSchema,
    problems: [],
  },
  'get /v1/journal': {
    summary: 'The head of the journal of releases, to be published and compared',
    response: journalResponseSchema,
    problems: ['NOT_FOUND'],
  },
};

/** OpenAPI 3.1, made of the very schemas that requests are parsed with. */
export function openApi() {
  return openApiOf({
    title: 'Chartkey keeper',
    version: VERSION,
    description: 'Releases shares of records’ keys to openings that stand on the access log.',
    table: KEEPER_PROBLEMS,
    always: ANY,
    operations: OPERATIONS,
    unready: [...CHAIN, 'BUSY'],
  });
}
