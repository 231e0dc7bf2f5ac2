import { runCrypto } from '../workload/crypto.ts';
import { FILE_BYTES } from '../workload/files.ts';
import { answerWith, openPrivateFile, writeNoise } from './work-in-worker.ts';

/* A real file on the browser's private disk in, another one out. */

answerWith(async () => {
  const openSink = async () => {
    const handle = await openPrivateFile('sealed');
    let at = 0;
    return {
      write: (bytes: Uint8Array) => {
        at += handle.write(bytes, { at });
      },
      close: () => handle.close(),
    };
  };
  const clearSink = async () => {
    const folder = await navigator.storage.getDirectory();
    for await (const name of folder.keys()) if (name === 'sealed') await folder.removeEntry(name);
  };
  const file = await writeNoise('source', FILE_BYTES);
  return { results: await runCrypto('chromium', { file, openSink, clearSink }) };
});
