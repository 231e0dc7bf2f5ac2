import {
  AREA,
  deployWithParticipants,
  digest,
  ethers,
  networkHelpers,
  now,
  Purpose,
  treatmentConsent,
  type World,
} from './chartkey.ts';

const BATCH = 20;
const GAS = 200_000n;
/** More than all tests together use. */
const DEPLOYER_NONCE = 1_000_000;
const TYPES = {
  ForwardRequest: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'gas', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint48' },
    { name: 'data', type: 'bytes' },
  ],
};

/** Gas of one opening that the accessor sends, of one that its session's key signed, and of one among twenty such. */
export type RelayedGas = {
  readonly direct: number;
  readonly relayed: number;
  readonly relayedInBatch: number;
};

/**
 * In the steady state: the clinician and the key have opened before, and every place was used longer than an hour ago.
 * Each opening is of another patient's record.
 */
export async function measureRelayed(): Promise<RelayedGas> {
  const world = await networkHelpers.loadFixture(shiftUnderWay);
  const { log, forwarder, clinician, outsider } = world;
  const before = await networkHelpers.takeSnapshot();
  const direct = await gasOf(log.connect(clinician).openRecords(...openingAt(0)));
  await before.restore();
  const [first] = await signedOpenings(world, 1);
  if (!first) throw new Error('Nothing was signed.');
  const relayed = await gasOf(forwarder.connect(outsider).execute(first));
  await before.restore();
  const batch = await signedOpenings(world, BATCH);
  const batched = await gasOf(forwarder.connect(outsider).executeBatch(batch, outsider.address));
  await before.restore();
  return { direct, relayed, relayedInBatch: Math.ceil(batched / BATCH) };
}

/** Gas of starting a first session. */
export async function measureSessionStart(): Promise<number> {
  const { forwarder, clinician } = await networkHelpers.loadFixture(placedWithParticipants);
  // Neither hour nor address may depend on when and after what this runs: zero bytes cost less.
  const expiresAt = 4_000_000_001n;
  await networkHelpers.time.setNextBlockTimestamp(expiresAt - 3_600n);
  return gasOf(forwarder.connect(clinician).startSession(keyOf().address, expiresAt));
}

/** At the same addresses, whatever was deployed before: relayed calls carry them, and signatures cover them. */
async function placedWithParticipants(): Promise<World> {
  const [deployer] = await ethers.getSigners();
  if (!deployer) throw new Error('There is no account.');
  await networkHelpers.setNonce(deployer.address, DEPLOYER_NONCE);
  return deployWithParticipants();
}

async function shiftUnderWay(): Promise<World> {
  const world = await networkHelpers.loadFixture(placedWithParticipants);
  const { forwarder, clinician, outsider } = world;
  for (let i = 0; i < BATCH; ++i) await admit(world, i);
  await forwarder.connect(clinician).startSession(keyOf().address, (await now()) + 36_000n);
  await forwarder.connect(outsider).executeBatch(await signedOpenings(world, BATCH), outsider.address);
  await networkHelpers.time.increase(3_600);
  return world;
}

/** A patient with one record, who consents to the clinician. */
async function admit(
  { participants, consents, records, clinician, outsider }: World,
  i: number,
): Promise<void> {
  const patient = new ethers.Wallet(digest(`key of patient ${i}`), ethers.provider);
  await outsider.sendTransaction({ to: patient.address, value: ethers.parseEther('1') });
  await participants.connect(patient).registerPatient(AREA, digest(`pid of patient ${i}`), digest('its key'));
  await records.connect(patient).addRecord(digest(`record ${i}`), patient, 3);
  await consents.connect(patient).grantConsent(clinician, await treatmentConsent());
}

const keyOf = () => new ethers.Wallet(digest('key of the session'));

const openingAt = (place: number): [string[], bigint, string, number] => [
  [digest(`record ${place}`)],
  Purpose.Treatment,
  digest('one-time key'),
  place,
];

async function signedOpenings({ log, forwarder, clinician }: World, count: number) {
  const key = keyOf();
  const domain = {
    name: 'Chartkey',
    version: '1',
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await forwarder.getAddress(),
  };
  const nonce = await forwarder.nonces(key);
  const common = { from: clinician.address, to: await log.getAddress(), value: 0n, gas: GAS };
  const deadline = 4_000_000_001n;
  return Promise.all(
    Array.from({ length: count }, async (_, place) => {
      const data = log.interface.encodeFunctionData('openRecords', openingAt(place));
      const message = { ...common, deadline, data, nonce: nonce + BigInt(place) };
      return { ...common, deadline, data, signature: await key.signTypedData(domain, TYPES, message) };
    }),
  );
}

async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error('The transaction was not mined.');
  return Number(receipt.gasUsed);
}
