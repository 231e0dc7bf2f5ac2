import { makeSample } from '../../../sdk/src/envelope/testing.ts';
import { createSealSession, storeBody } from '../../../sdk/src/record/seal-session.ts';
import { createStorageClient } from '../../../sdk/src/storage/index.ts';
import { summarize } from '../area.ts';
import { answerWith, tell, writeNoise } from './work-in-worker.ts';

/* A file from the browser's private disk, encrypted and stored as the dApp does it. */

answerWith(async ({ url = '', bytes, runs }) => {
  const length = Number(bytes);
  const storage = createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }] });
  const source = await writeNoise('source', length);
  const { chainId, recordIndex, patient, author } = (await makeSample()).binding;
  tell({ ready: true });
  const speeds: number[] = [];
  for (let round = 0; round <= Number(runs); round++) {
    const session = createSealSession();
    const target = { chainId, recordIndex, patient, author, storage, source, length };
    const start = performance.now();
    await storeBody(session, target, { onProgress: () => undefined, signal: undefined });
    if (round > 0) speeds.push(length / 1_000 / (performance.now() - start));
    session.close();
  }
  return { results: [summarize('browser-upload', 'MB/s', speeds, 'chromium')] };
});
