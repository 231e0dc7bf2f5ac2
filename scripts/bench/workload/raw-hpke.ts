import {
  generateOneTimeKeyPair,
  hpkeOpen,
  hpkeSeal,
  joinSealed,
  splitSealed,
} from '../../../sdk/src/envelope/hpke.ts';

/* What no release can do without: one open and one seal of 32 bytes. Prints how often a second. */

const FOR_MS = 1_500;
/** As many under way as a keeper has when it is busy. */
const LANES = 2;

const keyPair = await generateOneTimeKeyPair();
const context = { info: new Uint8Array(20), aad: new Uint8Array(66) };
const sealed = joinSealed(await hpkeSeal(keyPair.publicKey, new Uint8Array(32), context));

async function work(forMs: number) {
  const started = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  const lane = async () => {
    while (performance.now() - started < forMs) {
      const { enc, ciphertext } = splitSealed(sealed);
      const share = await hpkeOpen(keyPair, enc, ciphertext, context);
      await hpkeSeal(keyPair.publicKey, share, context);
      count++;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const { user, system } = process.cpuUsage(before);
  return { wall: (count * 1000) / (performance.now() - started), cpu: (count * 1e6) / (user + system) };
}

await work(300);
process.stdout.write(JSON.stringify(await work(FOR_MS)));
