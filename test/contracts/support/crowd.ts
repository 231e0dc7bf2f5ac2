import { network } from 'hardhat';
import { Chartkey } from '../../../deploy/modules/Chartkey.ts';

const AREA = 41;
/** Its four bytes are none of them zero: figures don't depend on the clock. */
const UNTIL = 4_000_000_001;
const CLINICIAN = 1;
const TREATMENT = 0;
const CONSENT = { compartments: 0xff, purposes: 1, startsAt: 0, expiresAt: UNTIL, mayWrite: false };

/** Storage places of the mappings a crowd fills; `npx hardhat build` and the compiler's storage layout tell them. */
const SLOTS = { patients: 0, publicKeyHashes: 1, consents: 0, records: 0 } as const;
/** Up to here a crowd is made by calls. */
const BY_CALLS = 1_000;

/** Gas by name on a fresh simulated chain where `crowd` patients, records and consents are there already. */
export async function measureWithCrowd(crowd: number): Promise<Record<string, number>> {
  const connection = await network.create();
  const { ethers, ignition } = connection;
  const [, manager, patient, clinician, newcomer, newPatient] = await ethers.getSigners();
  if (!manager || !patient || !clinician || !newcomer || !newPatient) throw new Error('Too few accounts.');
  const deployed = await ignition.deploy(Chartkey);
  const at = async (contract: { getAddress(): Promise<string> }) => await contract.getAddress();
  const authority = await ethers.getContractAt('AccessManager', await at(deployed.authority));
  const participants = await ethers.getContractAt('ParticipantRegistry', await at(deployed.participants));
  const consents = await ethers.getContractAt('ConsentRegistry', await at(deployed.consents));
  const records = await ethers.getContractAt('RecordIndex', await at(deployed.records));
  const log = await ethers.getContractAt('AccessLog', await at(deployed.log));
  const digest = (text: string) => ethers.sha256(ethers.toUtf8Bytes(text));
  const application = (name: string) => ({
    role: CLINICIAN,
    area: AREA,
    organisation: ethers.ZeroAddress,
    credentialHash: digest(`credential of ${name}`),
  });

  await authority.grantRole(await participants.managerRole(AREA), manager, 0);
  await participants.connect(patient).registerPatient(AREA, digest('pid'), digest('key'));
  await participants.connect(clinician).registerProvider(application('the clinician'));
  await participants.connect(manager).verifyProvider(clinician, application('the clinician'), UNTIL);
  await makeCrowd();

  const id = digest('record 0');
  await consents.connect(patient).grantConsent(clinician, CONSENT);
  // The clinician opened before, longer ago than an opening keeps its place.
  await log.connect(clinician).openRecords([id], TREATMENT, digest('one-time key'), 0);
  await connection.provider.request({ method: 'evm_increaseTime', params: [3600] });

  type Sent = Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>;
  const gasOf = async (sent: Sent) => Number((await (await sent).wait())?.gasUsed);
  const gas: Record<string, number> = {};
  gas.registerPatient = await gasOf(
    participants.connect(newPatient).registerPatient(AREA, digest('pid of the newcomer'), digest('its key')),
  );
  gas.registerVerifiedProvider = await gasOf(redeemVoucher());
  gas.addRecord = await gasOf(records.connect(patient).addRecord(digest('record new'), patient, 3));
  gas.requestConsent = await gasOf(
    consents.connect(newcomer).requestConsent(patient, 0xff, 1, UNTIL, digest('message')),
  );
  gas.grantConsent = await gasOf(consents.connect(patient).grantConsent(newcomer, CONSENT));
  gas.openRecords = await gasOf(
    log.connect(clinician).openRecords([id], TREATMENT, digest('one-time key'), 0),
  );
  gas.revokeConsent = await gasOf(consents.connect(patient).revokeConsent(newcomer));
  const life = [
    'registerPatient',
    'registerVerifiedProvider',
    'addRecord',
    'grantConsent',
    'openRecords',
    'revokeConsent',
  ];
  gas.life = life.reduce((sum, name) => sum + (gas[name] ?? Number.NaN), 0);
  gas.revokeAll = await gasOf(consents.connect(patient).revokeAll());
  await connection.close();
  return gas;

  async function redeemVoucher() {
    if (!manager || !newcomer) throw new Error('Too few accounts.');
    const asked = application('the newcomer');
    const times = { expiresAt: UNTIL, deadline: UNTIL };
    const domain = {
      name: 'Chartkey',
      version: '1',
      chainId: (await ethers.provider.getNetwork()).chainId,
      verifyingContract: await participants.getAddress(),
    };
    const types = {
      Voucher: [
        { name: 'provider', type: 'address' },
        { name: 'manager', type: 'address' },
        { name: 'role', type: 'uint8' },
        { name: 'area', type: 'uint32' },
        { name: 'organisation', type: 'address' },
        { name: 'credentialHash', type: 'bytes32' },
        { name: 'expiresAt', type: 'uint48' },
        { name: 'deadline', type: 'uint48' },
      ],
    };
    const message = { provider: newcomer.address, manager: manager.address, ...asked, ...times };
    const signature = await manager.signTypedData(domain, types, message);
    const voucher = { manager: manager.address, application: asked, ...times };
    return participants.connect(newcomer).registerVerifiedProvider(voucher, signature);
  }

  /** Records and consents of the patient, and other patients. */
  async function makeCrowd(): Promise<void> {
    if (!patient) throw new Error('Too few accounts.');
    const called = Math.min(crowd, BY_CALLS);
    for (let from = 0; from < called; from += 100) {
      const ids = Array.from({ length: Math.min(100, called - from) }, (_, i) =>
        digest(`record ${from + i}`),
      );
      await records.connect(patient).addRecords(
        ids,
        patient,
        ids.map(() => 3),
      );
    }
    const accounts = Array.from({ length: crowd }, (_, i) => ethers.dataSlice(digest(`account ${i}`), 12));
    for (const accessor of accounts.slice(0, called)) {
      await consents.connect(patient).grantConsent(accessor, CONSENT);
    }
    const coder = ethers.AbiCoder.defaultAbiCoder();
    const place = (key: string, slot: string | number) =>
      ethers.keccak256(coder.encode(['bytes32', 'uint256'], [ethers.zeroPadValue(key, 32), slot]));
    const write = async (contract: { getAddress(): Promise<string> }, slot: string, value: string) => {
      const params = [await contract.getAddress(), slot, value];
      await connection.provider.request({ method: 'hardhat_setStorageAt', params });
    };
    const sample = await consents.connect(patient).consentOf(patient, accounts[0] ?? patient.address);
    if (sample.expiresAt === 0n) throw new Error('The crowd has no consents.');
    const ofPatient = place(patient.address, SLOTS.consents);
    const consent = await ethers.provider.getStorage(consents, place(accounts[0] ?? '', ofPatient));
    const record = await ethers.provider.getStorage(records, place(digest('record 0'), SLOTS.records));
    if (BigInt(consent) === 0n || BigInt(record) === 0n) throw new Error('The storage layout has changed.');
    for (const [i, account] of accounts.entries()) {
      const pid = ethers.keccak256(coder.encode(['uint32', 'bytes32'], [AREA, digest(`pid ${i}`)]));
      await write(participants, place(pid, SLOTS.patients), ethers.zeroPadValue(account, 32));
      await write(participants, place(account, SLOTS.publicKeyHashes), digest(`key ${i}`));
      if (i < called) continue;
      await write(consents, place(account, ofPatient), consent);
      await write(records, place(digest(`record ${i}`), SLOTS.records), record);
    }
  }
}
