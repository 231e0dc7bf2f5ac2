import { network } from 'hardhat';
import { Chartkey } from '../../../deploy/modules/Chartkey.ts';

/** One simulated chain for every test file: fixtures take it back to where it was. */
export const connection = await network.create();
export const { ethers, ignition, networkHelpers } = connection;

export type Signer = Awaited<ReturnType<typeof ethers.getSigners>>[number];

/** `Role`, `Purpose`, `Decision`, `ProviderStatus`, `RecordStatus` of `contracts/types/Types.sol`. */
export const Role = { None: 0n, Clinician: 1n, Lab: 2n, Hospital: 4n } as const;
export const Purpose = { Treatment: 0n, EmergencyTreatment: 1n, Payment: 3n, Research: 5n } as const;
export const Decision = {
  RecordUnknown: 0n,
  Permit: 1n,
  RecordNotActive: 2n,
  AccessorUnknown: 3n,
  AccessorNotVerified: 4n,
  AccessorSuspended: 5n,
  AccessorExpired: 6n,
  ConsentMissing: 7n,
  ConsentNotYetValid: 8n,
  ConsentExpired: 9n,
  PurposeNotConsented: 10n,
  CompartmentNotConsented: 11n,
  RecordRestricted: 12n,
} as const;
export const ProviderStatus = { None: 0n, Applied: 1n, Verified: 2n, Suspended: 3n } as const;
export const RecordStatus = { None: 0n, Pending: 1n, Active: 2n, Rejected: 3n, Retired: 4n } as const;

export const AREA = 41n;
export const DAY = 86_400n;

/** A 32-byte value that depends on `name` alone, so that gas figures are the same on every run. */
export const digest = (name: string): string => ethers.sha256(ethers.toUtf8Bytes(name));

export const now = async (): Promise<bigint> => BigInt(await networkHelpers.time.latest());

/** What the provider of a role applies with. */
export const applicationOf = (role: bigint, name: string) => ({
  role,
  area: AREA,
  organisation: ethers.ZeroAddress,
  credentialHash: digest(`credential of ${name}`),
});

/** A consent to read compartments 0 to 7 for treatment, for thirty days. */
export const treatmentConsent = async (mayWrite = false) => ({
  compartments: 0xffn,
  purposes: 1n << Purpose.Treatment,
  startsAt: 0n,
  expiresAt: (await now()) + 30n * DAY,
  mayWrite,
});

/** All contracts as the deployment module puts them on a chain, and nobody known yet but the manager and auditor. */
export async function deployChartkey() {
  const [governor, manager, auditor, patient, otherPatient, clinician, lab, outsider, ...others] =
    await ethers.getSigners();
  if (
    governor === undefined ||
    manager === undefined ||
    auditor === undefined ||
    patient === undefined ||
    otherPatient === undefined ||
    clinician === undefined ||
    lab === undefined ||
    outsider === undefined
  ) {
    throw new Error('The simulated chain has fewer accounts than the tests need.');
  }

  const deployed = await ignition.deploy(Chartkey);
  const at = async (contract: { getAddress(): Promise<string> }) => await contract.getAddress();
  const authority = await ethers.getContractAt('AccessManager', await at(deployed.authority));
  const forwarder = await ethers.getContractAt('SessionForwarder', await at(deployed.forwarder));
  const participants = await ethers.getContractAt('ParticipantRegistry', await at(deployed.participants));
  const consents = await ethers.getContractAt('ConsentRegistry', await at(deployed.consents));
  const records = await ethers.getContractAt('RecordIndex', await at(deployed.records));
  const log = await ethers.getContractAt('AccessLog', await at(deployed.log));
  const guardianship = await ethers.getContractAt('Guardianship', await at(deployed.guardianship));
  const emergencies = await ethers.getContractAt('EmergencyAccess', await at(deployed.emergencies));
  const keepers = await ethers.getContractAt('KeeperSet', await at(deployed.keepers));
  const view = await ethers.getContractAt('KeeperView', await at(deployed.view));

  await authority.connect(governor).grantRole(await participants.managerRole(AREA), manager, 0);
  await authority.connect(governor).grantRole(await participants.AUDITOR_ROLE(), auditor, 0);

  const contracts = {
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
  const actors = { governor, manager, auditor, patient, otherPatient, clinician, lab, outsider, others };
  return { ...contracts, ...actors };
}

export type World = Awaited<ReturnType<typeof deployChartkey>>;

/** Applies as a provider and is verified by the manager. */
export async function becomeProvider(
  world: World,
  provider: Signer,
  role: bigint,
  name: string,
): Promise<void> {
  const application = applicationOf(role, name);
  await world.participants.connect(provider).registerProvider(application);
  await world.participants
    .connect(world.manager)
    .verifyProvider(provider, application, (await now()) + 365n * DAY);
}

/** The registry's EIP-712 domain. */
const domainOf = async ({ participants }: World) => ({
  name: 'Chartkey',
  version: '1',
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await participants.getAddress(),
});

const LATER = 4_000_000_001n;

/** A manager's voucher for a clinician, as the contract takes it. */
export async function signVoucher(world: World, provider: string, signer: Signer, change: object = {}) {
  const application = { ...applicationOf(Role.Clinician, 'the newcomer') };
  const voucher = { manager: signer.address, application, expiresAt: LATER, deadline: LATER, ...change };
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
  const { manager, expiresAt, deadline } = voucher;
  const message = { provider, manager, ...voucher.application, expiresAt, deadline };
  return { voucher, signature: await signer.signTypedData(await domainOf(world), types, message) };
}

/** Registers a provider, verified, by a voucher of the area's manager. */
export async function registerByVoucher(world: World, provider: Signer) {
  const { voucher, signature } = await signVoucher(world, provider.address, world.manager);
  return world.participants.connect(provider).registerVerifiedProvider(voucher, signature);
}

/** What a patient signs to be enrolled, as the contract takes it. */
export async function signEnrolment(world: World, patient: string, signer: Signer, change: object = {}) {
  const enrolment = {
    patient,
    area: AREA,
    pid: digest('pid of the newcomer'),
    publicKeyHash: digest('its key'),
    deadline: LATER,
    ...change,
  };
  const types = {
    Enrolment: [
      { name: 'patient', type: 'address' },
      { name: 'area', type: 'uint32' },
      { name: 'pid', type: 'bytes32' },
      { name: 'publicKeyHash', type: 'bytes32' },
      { name: 'deadline', type: 'uint48' },
    ],
  };
  return { enrolment, signature: await signer.signTypedData(await domainOf(world), types, enrolment) };
}

/** A manager enrols a patient who signed for it. */
export async function enrol(world: World, patient: Signer) {
  const { enrolment, signature } = await signEnrolment(world, patient.address, patient);
  return world.participants.connect(world.manager).enrolPatient(enrolment, signature);
}

/** Two patients, a clinician and a lab, verified; no consent and no record. */
export async function deployWithParticipants(): Promise<World> {
  const world = await deployChartkey();
  await world.participants
    .connect(world.patient)
    .registerPatient(AREA, digest('pid of the patient'), digest('public key of the patient'));
  await world.participants
    .connect(world.otherPatient)
    .registerPatient(AREA, digest('pid of the other patient'), digest('public key of the other patient'));
  await becomeProvider(world, world.clinician, Role.Clinician, 'the clinician');
  await becomeProvider(world, world.lab, Role.Lab, 'the lab');
  return world;
}
