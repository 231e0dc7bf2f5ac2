import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { network } from 'hardhat';
import { Chartkey } from './modules/Chartkey.ts';

/**
 * Deploys to the network that `--network` (or `local`) names and writes
 * `deploy/addresses/<chainId>.json`, which every other part reads.
 *
 * Usage: `npx hardhat run deploy/deploy.ts --network local`
 */
const connection = await network.connect();
const { ignition, ethers } = connection;
const { chainId } = await ethers.provider.getNetwork();
const block = await ethers.provider.getBlockNumber();

const contracts = await ignition.deploy(Chartkey, { displayUi: false });
const addresses = {
  chainId: Number(chainId),
  // Where an index has to begin reading: nothing of ours stands before this block.
  startBlock: block + 1,
  authority: await contracts.authority.getAddress(),
  participants: await contracts.participants.getAddress(),
  consents: await contracts.consents.getAddress(),
  records: await contracts.records.getAddress(),
  log: await contracts.log.getAddress(),
  keepers: await contracts.keepers.getAddress(),
  view: await contracts.view.getAddress(),
};

const file =
  process.env.CHARTKEY_ADDRESSES_FILE ??
  fileURLToPath(new URL(`./addresses/${chainId}.json`, import.meta.url));
await mkdir(new URL('./addresses/', import.meta.url), { recursive: true });
await writeFile(file, `${JSON.stringify(addresses, null, 2)}\n`);
console.log(JSON.stringify(addresses));
