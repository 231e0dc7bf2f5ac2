import { fileURLToPath } from 'node:url';
import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers';
import { defineConfig } from 'hardhat/config';

// A deeper look than every run affords: CHARTKEY_FUZZ=10 tries ten times as much.
const depth = Number(process.env.CHARTKEY_FUZZ ?? 1);
if (!Number.isInteger(depth) || depth < 1) throw new Error('CHARTKEY_FUZZ takes a whole number from 1 on.');

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    splitTestsCompilation: true,
    version: '0.8.37',
    // The compiler comes from npm with everything else, so nothing is downloaded at build time.
    path: fileURLToPath(new URL('./node_modules/solc/soljson.js', import.meta.url)),
    npmFilesToBuild: ['@openzeppelin/contracts/access/manager/AccessManager.sol'],
    settings: {
      evmVersion: 'cancun',
      viaIR: true,
      optimizer: { enabled: true, runs: 1_000_000 },
    },
  },
  paths: {
    ignition: 'deploy',
    tests: { mocha: 'test/contracts', solidity: 'test/contracts' },
  },
  typechain: { outDir: './types/ethers-contracts' },
  networks: {
    // As a consortium's own network may be: gas costs nothing, so that nobody needs ether.
    free: { type: 'edr-simulated', initialBaseFeePerGas: 0n, minGasPrice: 0n },
    local: {
      type: 'http',
      url: process.env.CHARTKEY_RPC_URL ?? 'http://127.0.0.1:8545',
    },
  },
  test: {
    solidity: {
      fuzz: { runs: 256 * depth },
      // A random call that fails is counted by the campaign; the campaign itself never fails.
      invariant: { runs: 256 * depth, depth: 128, failOnRevert: true },
    },
  },
});
