import { prepareLarge, runLarge } from '../workload/large.ts';
import { answerWith, openPrivateFile, privateFile, tell } from './work-in-worker.ts';

/* A sparse file on the browser's private disk, sealed and opened in one pass. */

answerWith(async ({ bytes }) => {
  const length = Number(bytes);
  const file = await openPrivateFile('large');
  file.truncate(length);
  file.close();
  // What the code itself takes is there before the baseline is read.
  await runLarge(await prepareLarge(1_000_000), new Blob([new Uint8Array(1_000_000)]));
  const sample = await prepareLarge(length);
  tell({ ready: true });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return runLarge(sample, await privateFile('large'));
});
