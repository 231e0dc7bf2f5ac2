export { type Relay, relayInfo, requestStatus, submitRequests } from './client.ts';
export {
  isRelayProblem,
  RELAY_PROBLEMS,
  type RelayProblemCode,
  relayRefusal,
} from './problems.ts';
export * from './protocol.ts';
