import { actionTypedData, type Deployment } from '@chartkey/sdk';
import { expect } from 'chai';
import type { FunctionFragment, Interface, ParamType, TypedDataDomain, TypedDataField } from 'ethers';
import type { Hex } from 'viem';
import { deployChartkey, ethers, networkHelpers, type Signer, type World } from './support/chartkey.ts';

/** Contracts alone may call these. */
const OF_CONTRACTS = [
  'suspendForStrikes',
  'suspendForReview',
  'moveWallet',
  'noteRestriction',
  'noteMove',
  'bindLog',
  'bind',
];
/** The forwarder's own doors: they ask for no sender. */
const OPEN = ['execute', 'executeBatch'];

const REVOKE_ALL = ethers.id('revokeAll()').slice(0, 10);

const GAS = 3_000_000n;
const DEADLINE = 4_000_000_001n;

/** Ends of days, months, years and centuries, leap days, and the end of what is written out. */
const TIMES = [
  0n,
  1n,
  86_399n,
  86_400n,
  951_782_399n,
  951_782_400n,
  951_868_800n,
  978_307_199n,
  1_795_285_859n,
  4_107_542_399n,
  4_107_542_400n,
  13_574_563_200n,
  253_402_300_798n,
  253_402_300_799n,
  253_402_300_800n,
  281_474_976_710_654n,
];

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** A value of each type, so that no two parameters can be taken for each other. */
function sampleOf(type: string, seed: number): unknown {
  const bytes = ethers.sha256(ethers.toUtf8Bytes(`${type} ${seed}`));
  if (type.endsWith('[]')) return [0, 1, 2].map((i) => sampleOf(type.slice(0, -2), 100 * seed + i));
  if (type === 'address') return ethers.getAddress(ethers.dataSlice(bytes, 12));
  if (type === 'bytes') return ethers.concat([bytes, bytes, '0x01']);
  if (type === 'bool') return true;
  return type.startsWith('uint') ? BigInt(seed + 1) : bytes;
}

/** Such values in the shape that the ABI wants. */
function shapeOf(input: ParamType, seed: number): unknown {
  if (input.arrayChildren !== null && input.arrayChildren.components !== null) {
    const { arrayChildren } = input;
    return [0, 1, 2].map((i) => shapeOf(arrayChildren, 100 * seed + i));
  }
  // The call of a representative's is one of ours: its sentence is shown.
  if (input.name === 'call') return REVOKE_ALL;
  if (input.components === null) return sampleOf(input.type, seed);
  return input.components.map((part, i) => shapeOf(part, 10 * seed + i));
}

type Signed = { readonly action: FunctionFragment; readonly to: string; readonly data: string };

async function actionsOf(world: World): Promise<Signed[]> {
  const { participants, consents, records, log, guardianship, emergencies, forwarder } = world;
  const all: Signed[] = [];
  for (const contract of [participants, consents, records, log, guardianship, emergencies, forwarder]) {
    const to = await contract.getAddress();
    const abi: Interface = contract.interface;
    abi.forEachFunction((action) => {
      if (action.constant || [...OF_CONTRACTS, ...OPEN].includes(action.name)) return;
      const values = action.inputs.map((input, i) => shapeOf(input, i));
      all.push({ action, to, data: abi.encodeFunctionData(action, values) });
    });
  }
  return all;
}

/** What the sdk asks a wallet to sign, signed as a wallet does that knows nothing but the type. */
async function signAction(world: World, { to, data }: Pick<Signed, 'to' | 'data'>, signer: Signer) {
  const nonce = await world.forwarder.nonces(signer);
  const from = signer.address as Hex;
  const bare = { from, to: to as Hex, gas: GAS, deadline: Number(DEADLINE), data: data as Hex };
  const typed = actionTypedData(await deploymentOf(world), { ...bare, nonce });
  const types = typed.types as unknown as Record<string, TypedDataField[]>;
  const signature = await signer.signTypedData(typed.domain as TypedDataDomain, types, typed.message);
  return { request: { ...bare, value: 0n, signature }, typed, types };
}

async function deploymentOf({
  authority,
  participants,
  consents,
  records,
  log,
  guardianship,
  emergencies,
  keepers,
  view,
  forwarder,
}: World): Promise<Deployment> {
  const { chainId } = await ethers.provider.getNetwork();
  const contracts = {
    authority,
    participants,
    consents,
    records,
    log,
    guardianship,
    emergencies,
    keepers,
    view,
    forwarder,
  };
  const addresses = await Promise.all(
    Object.entries(contracts).map(async ([name, contract]) => [name, await contract.getAddress()]),
  );
  return { chainId: Number(chainId), startBlock: 0, ...Object.fromEntries(addresses) } as Deployment;
}

/** Structs are laid out flat, under the names of their fields; those in a list have a type of their own. */
function fieldsOf(input: ParamType): TypedDataField[] {
  if (input.components !== null) return input.components.flatMap(fieldsOf);
  return [{ name: input.name, type: input.type.startsWith('tuple') ? 'Verification[]' : input.type }];
}

describe('actions as EIP-712 types', () => {
  it('default: each action is signed under its own name, with the parameters of the ABI', async () => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    const actions = await actionsOf(world);
    expect(actions.length).to.equal(47);
    for (const action of actions) {
      const { request, typed, types } = await signAction(world, action, world.outsider);
      const own = action.action.inputs.flatMap(fieldsOf);
      const shown = types[String(typed.primaryType)] ?? [];
      expect(shown.slice(shown.length - 1 - own.length, -1)).to.deep.equal(own);
      expect(await world.forwarder.verify(request), action.action.name).to.equal(true);
      expect(await world.forwarder.verify({ ...request, gas: GAS + 1n }), action.action.name).to.equal(false);
    }
  });

  it('error: another list, other bytes or another order under the same signature count nothing', async () => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    for (const action of await actionsOf(world)) {
      const { request } = await signAction(world, action, world.outsider);
      for (let at = 4; at < ethers.dataLength(action.data); at += 32) {
        const bytes = ethers.getBytes(action.data);
        // The last byte of each word: of an offset, a length, a number, a hash.
        const last = Math.min(at + 31, bytes.length - 1);
        bytes[last] = (bytes[last] ?? 0) ^ 1;
        const changed = { ...request, data: ethers.hexlify(bytes) };
        const valid = await world.forwarder.verify(changed).catch(() => false);
        // Padding behind bytes means nothing to anybody.
        const padding = action.action.inputs.at(-1)?.type === 'bytes' && at + 32 > bytes.length - 1;
        if (!padding) expect(valid, `${action.action.name} at ${at}`).to.equal(false);
      }
    }
  });

  it('behavior: dates, purposes, folders and roles stand in the contract’s own words', async () => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    const { consents, participants, records, outsider } = world;
    const grant = (compartments: bigint, purposes: bigint, time: bigint) => ({
      to: consents,
      data: consents.interface.encodeFunctionData('grantConsent', [
        outsider.address,
        { compartments, purposes, startsAt: time, expiresAt: time + 1n, mayWrite: true },
      ]),
    });
    const apply = (role: bigint) => ({
      to: participants,
      data: participants.interface.encodeFunctionData('registerProvider', [
        { role, area: 1n, organisation: ethers.ZeroAddress, credentialHash: ethers.ZeroHash },
      ]),
    });
    const open = (purpose: bigint) => ({
      to: world.log,
      data: world.log.interface.encodeFunctionData('openRecords', [
        [ethers.ZeroHash],
        purpose,
        ethers.ZeroHash,
        0n,
      ]),
    });
    const accept = (compartments: readonly bigint[]) => ({
      to: records,
      data: records.interface.encodeFunctionData('acceptRecords', [
        compartments.map(() => ethers.ZeroHash),
        [...compartments],
      ]),
    });
    const calls = [
      ...Array.from({ length: 16 }, (_, bit) => grant(1n << BigInt(bit * 4), 1n << BigInt(bit), 0n)),
      ...TIMES.map((time) => grant(0xffff_ffff_ffff_ffffn, 0x1ffn, time)),
      grant(0n, 0n, 1n),
      grant(0xffff_ffff_ffff_fffen, 0xffffn, 1n),
      ...Array.from({ length: 10 }, (_, role) => apply(BigInt(role))),
      ...Array.from({ length: 10 }, (_, purpose) => open(BigInt(purpose))),
      ...[[0n, 1n, 1n, 9n, 99n, 63n], [255n], []].map(accept),
    ];
    for (const { to, data } of calls) {
      const { request, typed } = await signAction(world, { to: await to.getAddress(), data }, outsider);
      expect(await world.forwarder.verify(request), JSON.stringify(typed.message, plain)).to.equal(true);
    }
  });

  it('error: other words beside the same numbers count nothing', async () => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    for (const action of await actionsOf(world)) {
      const { request, typed, types } = await signAction(world, action, world.outsider);
      for (const [name, words] of Object.entries(typed.message)) {
        if (
          typeof words !== 'string' ||
          types[String(typed.primaryType)]?.find((f) => f.name === name)?.type !== 'string'
        )
          continue;
        const message = { ...typed.message, [name]: `${words} ` };
        const signature = await world.outsider.signTypedData(typed.domain as TypedDataDomain, types, message);
        expect(
          await world.forwarder.verify({ ...request, signature }),
          `${action.action.name} ${name}`,
        ).to.equal(false);
      }
    }
  });
});
