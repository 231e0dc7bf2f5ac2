import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { network } from 'hardhat';
import { Chartkey } from './modules/Chartkey.ts';

/**
 * Deploys to the network that `--network` names and writes `deploy/addresses/<chainId>.json`
 * (or the file in CHARTKEY_ADDRESSES_FILE), which every other part reads.
 *
 * An interrupted deployment goes on where it stopped when this is run again; on a local chain,
 * which forgets everything with its process, each run begins anew.
 *
 * Usage: `npx hardhat run deploy/deploy.ts --network local`
 */
const LOCAL_CHAIN_ID = 31337;

const { ignition, ethers } = await network.create();
const chainId = Number((await ethers.provider.getNetwork()).chainId);
const startBlock = (await ethers.provider.getBlockNumber()) + 1;
const deploymentId = chainId === LOCAL_CHAIN_ID ? `local-${randomUUID()}` : `chain-${chainId}`;

const contracts = await ignition.deploy(Chartkey, { displayUi: false, deploymentId });
if (chainId === LOCAL_CHAIN_ID) {
  await rm(join(import.meta.dirname, 'deployments', deploymentId), { recursive: true, force: true });
}

const addresses = {
  chainId,
  // Where an index has to begin reading: nothing of ours stands before this block.
  startBlock,
  authority: await contracts.authority.getAddress(),
  forwarder: await contracts.forwarder.getAddress(),
  participants: await contracts.participants.getAddress(),
  consents: await contracts.consents.getAddress(),
  records: await contracts.records.getAddress(),
  log: await contracts.log.getAddress(),
  guardianship: await contracts.guardianship.getAddress(),
  emergencies: await contracts.emergencies.getAddress(),
  keepers: await contracts.keepers.getAddress(),
  view: await contracts.view.getAddress(),
};
const file = process.env.CHARTKEY_ADDRESSES_FILE ?? join(import.meta.dirname, 'addresses', `${chainId}.json`);
await mkdir(dirname(file), { recursive: true });
await writeFile(file, `${JSON.stringify(addresses, null, 2)}\n`);
