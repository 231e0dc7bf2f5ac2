import { expect } from 'chai';
import type { FunctionFragment, Interface, ParamType, TypedDataField } from 'ethers';
import { deployChartkey, ethers, networkHelpers, type Signer, type World } from './support/chartkey.ts';

/** Who signs takes no structs in a list: this one is signed as bytes. */
const WITHOUT_TYPE = ['verifyProviders'];
/** Contracts alone may call these. */
const OF_CONTRACTS = ['suspendForStrikes', 'noteRestriction', 'bindLog'];
/** The forwarder's own doors: they ask for no sender. */
const OPEN = ['execute', 'executeBatch'];

const REQUEST: TypedDataField[] = [
  { name: 'signer', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'gas', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint48' },
];

const GAS = 3_000_000n;
const DEADLINE = 4_000_000_001n;

type Leaf = { readonly name: string; readonly type: string; readonly value: unknown };

/** A value of each type, so that no two parameters can be taken for each other. */
function sampleOf(type: string, seed: number): unknown {
  const bytes = ethers.sha256(ethers.toUtf8Bytes(`${type} ${seed}`));
  if (type.endsWith('[]')) return [0, 1, 2].map((i) => sampleOf(type.slice(0, -2), 100 * seed + i));
  if (type === 'address') return ethers.getAddress(ethers.dataSlice(bytes, 12));
  if (type === 'bytes') return ethers.concat([bytes, bytes, '0x01']);
  if (type === 'bool') return true;
  return type.startsWith('uint') ? BigInt(seed + 1) : bytes;
}

/** Structs are laid out flat, under the names of their fields. */
function leavesOf(input: ParamType, seed: number): Leaf[] {
  if (input.components === null)
    return [{ name: input.name, type: input.type, value: sampleOf(input.type, seed) }];
  return input.components.flatMap((part, i) => leavesOf(part, 10 * seed + i));
}

/** The same values, in the shape that the ABI wants. */
function shapeOf(input: ParamType, seed: number): unknown {
  if (input.components === null) return sampleOf(input.type, seed);
  return input.components.map((part, i) => shapeOf(part, 10 * seed + i));
}

type Signed = { readonly action: FunctionFragment; readonly to: string; readonly data: string };

async function actionsOf({ participants, consents, records, log, forwarder }: World): Promise<Signed[]> {
  const all: Signed[] = [];
  for (const contract of [participants, consents, records, log, forwarder]) {
    const to = await contract.getAddress();
    const abi: Interface = contract.interface;
    abi.forEachFunction((action) => {
      if (action.constant || [...WITHOUT_TYPE, ...OF_CONTRACTS, ...OPEN].includes(action.name)) return;
      const values = action.inputs.map((input, i) => shapeOf(input, i));
      all.push({ action, to, data: abi.encodeFunctionData(action, values) });
    });
  }
  return all;
}

/** Signed as a wallet does that knows nothing but the type. */
async function signAction(world: World, { action, to, data }: Signed, signer: Signer) {
  const leaves = action.inputs.flatMap((input, i) => leavesOf(input, i));
  const name = `${action.name.charAt(0).toUpperCase()}${action.name.slice(1)}`;
  const fields = leaves.map((leaf) => ({ name: leaf.name, type: leaf.type }));
  const types = { [name]: [...fields, { name: 'request', type: 'Request' }], Request: REQUEST };
  const nonce = await world.forwarder.nonces(signer);
  const request = { signer: signer.address, to, gas: GAS, nonce, deadline: DEADLINE };
  const values = Object.fromEntries(leaves.map((leaf) => [leaf.name, leaf.value]));
  const domain = {
    name: 'Chartkey',
    version: '1',
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await world.forwarder.getAddress(),
  };
  const signature = await signer.signTypedData(domain, types, { ...values, request });
  return { from: signer.address, to, value: 0n, gas: GAS, deadline: DEADLINE, data, signature };
}

describe('actions as EIP-712 types', () => {
  it('default: each action is signed under its own name, with the parameters of the ABI', async () => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    const actions = await actionsOf(world);
    expect(actions.length).to.equal(31);
    for (const action of actions) {
      const request = await signAction(world, action, world.outsider);
      expect(await world.forwarder.verify(request), action.action.name).to.equal(true);
      expect(await world.forwarder.verify({ ...request, gas: GAS + 1n }), action.action.name).to.equal(false);
    }
  });

  it('error: another list, other bytes or another order under the same signature count nothing', async () => {
    const world = await networkHelpers.loadFixture(deployChartkey);
    for (const action of await actionsOf(world)) {
      const request = await signAction(world, action, world.outsider);
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
});
