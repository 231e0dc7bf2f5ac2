export { type KeeperNetwork, requestAttest, requestInfo, requestShares } from './client.ts';
export * from './problems.ts';
export * from './protocol.ts';
export {
  type GatheredShares,
  type GatherSharesParameters,
  gatherShares,
  type KeeperReport,
} from './shares.ts';
