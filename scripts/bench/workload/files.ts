import { Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { sealBody } from '../../../sdk/src/envelope/index.ts';
import { makeSample } from '../../../sdk/src/envelope/testing.ts';
import type { Work } from './work.ts';

/*
 * A file on disk into a new one. `file-copy` reads and writes only: what the machine allows. All
 * three read and write in the same way; nobody waits for the disk to have it.
 */

export const FILE_BYTES = 128 * 1_048_576;

export type Files = {
  /** {@link FILE_BYTES} on disk. */
  readonly file: Blob;
  readonly openSink: () => Promise<Sink>;
  /** Removes what the last sink wrote: throwing it away is not sealing. */
  readonly clearSink: () => Promise<unknown>;
};

type Sink = {
  readonly write: (bytes: Uint8Array) => unknown;
  readonly close: () => unknown;
};

export async function fileWorks({ file, openSink, clearSink }: Files): Promise<Work[]> {
  const { contentKey, binding } = await makeSample();
  const age = new Encrypter();
  age.addRecipient(await identityToRecipient(await generateHybridIdentity()));
  const into = async (pieces: AsyncIterable<Uint8Array>) => {
    const sink = await openSink();
    for await (const piece of pieces) await sink.write(piece);
    await sink.close();
  };
  const seal = () =>
    sealBody({ contentKey, binding, source: file, length: file.size, reuseMemory: true }).ciphertext;
  const common = { unit: 'MB/s', amount: FILE_BYTES, prepare: clearSink } as const;
  return [
    { ...common, name: 'file-copy', run: () => into(file.stream()) },
    { ...common, name: 'file-age', run: async () => into(await age.encrypt(file.stream())) },
    {
      ...{ ...common, name: 'file-seal' },
      run: () => into(seal()),
      against: [
        { name: 'file-age', as: 'age' },
        { name: 'file-copy', as: 'copy' },
      ],
    },
  ];
}
