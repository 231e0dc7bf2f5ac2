import {
  acceptedSchema,
  RELAY_PROBLEMS,
  type RelayProblemCode,
  relayInfoSchema,
  requestStatusSchema,
  submissionSchema,
} from '@chartkey/sdk';
import { type Operation, openApiOf } from '@chartkey/service';
import { VERSION } from './version.ts';

/** What every request may be answered with. */
const ANY: readonly RelayProblemCode[] = ['INTERNAL', 'METHOD_NOT_ALLOWED'];
const POSTED: readonly RelayProblemCode[] = [
  'INPUT_INVALID',
  'INPUT_TOO_LARGE',
  'MEDIA_TYPE_UNKNOWN',
  'TARGET_UNKNOWN',
  'NOT_PARTICIPANT',
  'SIGNATURE_INVALID',
  'REQUEST_EXPIRED',
  'NONCE_USED',
  'NONCE_AHEAD',
  'CALL_REFUSED',
  'GAS_TOO_HIGH',
  'RATE_LIMITED',
  'CHAIN_UNREACHABLE',
  'BUSY',
];
const HALTED: readonly RelayProblemCode[] = ['CHAIN_UNREACHABLE', 'FUNDS_LOW', 'FEES_HIGH', 'BUSY'];

const OPERATIONS: Readonly<Record<string, Operation<RelayProblemCode>>> = {
  'post /v1/requests': {
    summary: 'Takes signed requests, all or none; they are sent in the order of each signer’s numbers',
    request: submissionSchema,
    response: acceptedSchema,
    problems: POSTED,
  },
  'get /v1/requests/{id}': {
    summary: 'What became of a request',
    path: requestStatusSchema.pick({ id: true }),
    response: requestStatusSchema,
    problems: ['NOT_FOUND'],
  },
  'get /v1/info': { summary: 'Who this relay is, and its limits', response: relayInfoSchema, problems: [] },
};

/** OpenAPI 3.1, made of the very schemas that requests are parsed with. */
export function openApi() {
  return openApiOf({
    title: 'Chartkey relay',
    version: VERSION,
    description: 'Sends and pays for what participants signed: in order, and once.',
    table: RELAY_PROBLEMS,
    always: ANY,
    operations: OPERATIONS,
    unready: HALTED,
  });
}
