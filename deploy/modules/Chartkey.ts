import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';

/**
 * All contracts, in the one order in which they can stand: each gets the addresses of
 * those it asks in its constructor and keeps them for good.
 *
 * Parameters: `governor`, the account that grants roles and starts keeper epochs through
 * the AccessManager (by default the deployer).
 */
export const Chartkey = buildModule('Chartkey', (m) => {
  const governor = m.getParameter('governor', m.getAccount(0));

  const authority = m.contract('AccessManager', [governor]);
  const participants = m.contract('ParticipantRegistry', [authority]);
  const consents = m.contract('ConsentRegistry', [participants]);
  const records = m.contractAt('RecordIndex', m.staticCall(consents, 'RECORDS'));
  const log = m.contract('AccessLog', [participants, consents]);
  const keepers = m.contract('KeeperSet', [authority]);
  const view = m.contract('KeeperView', [log, consents, records]);

  return { authority, participants, consents, records, log, keepers, view };
});

export default Chartkey;
