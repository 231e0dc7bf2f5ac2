/**
 * `npm start`: the whole of Chartkey on this machine, seeded with synthetic people and records.
 * Everything is forgotten when it stops.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, type HDAccount } from 'viem';
import { ACTORS, DEV_MNEMONIC, LOCAL_AREA } from './lib/accounts.ts';
import { readOptions } from './lib/options.ts';
import { isPortFree, ROOT, stopAllServices } from './lib/process.ts';
import { type Stack, startStack } from './lib/stack.ts';
import { findKuboDaemon } from './lib/storage-choice.ts';
import { table } from './lib/table.ts';
import { buildWeb, startWeb } from './lib/web.ts';
import { type SeededPatient, seedDemoData } from './start/seed.ts';

const HELP = `npm start [-- --port-base N] [--web-port N]

Starts a chain (8545), an IPFS node (5101) with a gate before it (5102), three keepers (5201 to
5203), a relay (5301), an index (5401) and the dApp (3000), with demo people and records. Ctrl-C
stops everything; nothing is kept.

A Kubo daemon that answers on port 5001, or that CHARTKEY_KUBO_RPC_URL names, is used instead of
the IPFS node; CHARTKEY_KUBO_RPC_URL=none says that it must not.

  --port-base N  add N to each port, for a second one beside the first
  --web-port N   the dApp's port alone`;

const { values } = readOptions(HELP, {
  options: { 'port-base': { type: 'string', default: '0' }, 'web-port': { type: 'string' } },
});

let stopping = false;
let step = 0;
const close: (() => Promise<void>)[] = [];
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));

try {
  await start();
} catch (error) {
  console.error(`\nChartkey could not start. ${error instanceof Error ? error.message : ''}`);
  await stop(1);
}

async function start(): Promise<void> {
  const offset = portNumber(values['port-base'], '--port-base');
  const ports = {
    web: values['web-port'] === undefined ? 3000 + offset : portNumber(values['web-port'], '--web-port'),
    chain: 8545 + offset,
    storage: 5101 + offset,
    gate: 5102 + offset,
    keepers: [5201 + offset, 5202 + offset, 5203 + offset],
    relay: 5301 + offset,
    indexer: 5401 + offset,
  };
  const kubo = await findKuboDaemon();
  const storagePorts = kubo ? [] : [ports.storage];
  const services = [ports.gate, ...ports.keepers, ports.relay, ports.indexer];
  await requireFree([ports.web, ports.chain, ...storagePorts, ...services]);
  progress(`Storage: ${kubo?.description ?? 'the embedded node'}`);

  const folder = join(ROOT, '.chartkey', `local-${ports.chain}`);
  await rm(folder, { recursive: true, force: true });
  const stack = await startStack({
    ports,
    folder,
    addressesFile: join(ROOT, 'deploy/addresses/31337.json'),
    storage: kubo,
    // What people sign names the pages that they signed in on.
    origin: `http://localhost:${ports.web}`,
    onStep: progress,
  });
  close.push(stack.close);
  progress('Enrolling demo people and sealing demo records');
  const patients = await seedDemoData(stack);
  progress('Building the dApp (a minute or two the first time)');
  await buildWeb();
  progress('Starting the dApp');
  const web = await startWeb({
    port: ports.web,
    env: {
      CHARTKEY_RPC_URL: stack.rpcUrl,
      CHARTKEY_GATE_URL: stack.gate.url,
      CHARTKEY_ADDRESSES_FILE: stack.addressesFile,
      CHARTKEY_RELAY_URL: stack.relay.url,
      CHARTKEY_INDEX_URL: stack.indexer.url,
      CHARTKEY_WALLET_RPC_URL: stack.rpcUrl.replace('127.0.0.1', 'localhost'),
    },
  });
  close.push(web.close);
  report(stack, web.url, patients, kubo?.description ?? `embedded node at ${stack.storageUrl}`);
}

function progress(text: string): void {
  step += 1;
  console.log(`${String(step).padStart(2)}  ${text} …`);
}

function report(stack: Stack, webUrl: string, patients: readonly SeededPatient[], storage: string): void {
  const people: readonly (readonly [string, HDAccount])[] = [
    ['patient, shares with the clinician', ACTORS.patient],
    ['patient, has a request to answer', ACTORS.secondPatient],
    ['patient, shares with nobody', ACTORS.thirdPatient],
    ['clinician, verified', ACTORS.clinician],
    ['lab, waits for the manager', ACTORS.lab],
    ['manager of area 1', ACTORS.manager],
    ['auditor', ACTORS.auditor],
    ['nobody yet: enrol with it', ACTORS.outsider],
  ];
  console.log(
    table(
      ['what', 'where'],
      [
        ['dApp', webUrl],
        ['chain (31337)', stack.rpcUrl],
        ['storage (IPFS)', storage],
        ['gate before storage', stack.gate.url],
        ...stack.keepers.map(({ endpoint }, index) => [
          `keeper ${index + 1} of ${stack.keepers.length}`,
          endpoint,
        ]),
        ['relay', stack.relay.url],
        ['index', stack.indexer.url],
      ],
    ),
  );
  const { chainId: _id, startBlock: _block, ...contracts } = stack.deployment;
  console.log(table(['contract', 'address'], Object.entries(contracts)));
  console.log(
    table(
      ['demo account', 'address', 'private key (public knowledge, for this chain only)'],
      people.map(([who, account]) => [who, account.address, privateKeyOf(account)]),
    ),
  );
  console.log(
    table(
      ['patient', 'recovery code (to unlock their records)'],
      patients.map(({ account, recoveryCode }) => [account.address, recoveryCode]),
    ),
  );
  console.log(`To be one of them in MetaMask: add a network with RPC URL ${stack.rpcUrl.replace('127.0.0.1', 'localhost')} and chain id 31337,
then "Import account" with the private key above. (All come from the phrase "${DEV_MNEMONIC}".)
Patients live in area ${LOCAL_AREA}. If MetaMask remembers an earlier run, clear its activity data for this account.

Chartkey is up at ${webUrl}. Ctrl-C stops everything.`);
}

function privateKeyOf(account: HDAccount): string {
  const key = account.getHdKey().privateKey;
  return key ? bytesToHex(key) : '';
}

async function requireFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (await isPortFree(port)) continue;
    throw new Error(
      `Port ${port} is taken by another program.\nStop that program, or start on other ports: npm start -- --port-base 100`,
    );
  }
}

function portNumber(text: string, option: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number < 50_000) return number;
  throw new Error(`${option} is a number from 0 to 49999.`);
}

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (code === 0) console.log('\nStopping …');
  for (const end of close.reverse()) await end().catch(() => undefined);
  await stopAllServices();
  process.exit(code);
}
