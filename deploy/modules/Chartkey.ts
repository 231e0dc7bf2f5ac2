import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';

/**
 * All contracts, in the one order in which they can stand: each gets the addresses of
 * those it asks in its constructor and keeps them for good. Those that need each other's
 * address are made by the log, and the record index by the consent registry; the log makes
 * itself known to the forwarder, and the others to guardianship and emergencies.
 *
 * Parameters: `governor`, the account that grants roles and starts keeper epochs through
 * the AccessManager (by default the deployer).
 */
export const Chartkey = buildModule('Chartkey', (m) => {
  const governor = m.getParameter('governor', m.getAccount(0));

  const authority = m.contract('AccessManager', [governor]);
  const forwarder = m.contract('SessionForwarder');
  const guardianship = m.contract('Guardianship', [forwarder]);
  const emergencies = m.contract('EmergencyAccess', [guardianship, forwarder]);
  const log = m.contract('AccessLog', [authority, guardianship, emergencies, forwarder]);
  const participants = m.contractAt('ParticipantRegistry', m.staticCall(log, 'PARTICIPANTS'));
  const consents = m.contractAt('ConsentRegistry', m.staticCall(log, 'CONSENTS'));
  const records = m.contractAt('RecordIndex', m.staticCall(consents, 'RECORDS'));
  const keepers = m.contract('KeeperSet', [authority]);
  const view = m.contract('KeeperView', [log, consents, records]);

  return {
    authority,
    forwarder,
    participants,
    consents,
    records,
    log,
    guardianship,
    emergencies,
    keepers,
    view,
  };
});

export default Chartkey;
