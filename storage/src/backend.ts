import type { CID } from 'multiformats/cid';

/**
 * Where a gate keeps what it lets in: the embedded node or a Kubo daemon. Both are held to one
 * set of tests (`storage/test/backends.test.ts`).
 */
export type Backend = {
  readonly kind: 'embedded' | 'kubo';
  /** For people: which program, which version. */
  describe(): Promise<string>;
  has(cid: CID): Promise<boolean>;
  /** The verified bytes. @throws NodeError `not-found`, `corrupt` */
  read(cid: CID): Promise<Uint8Array>;
  /**
   * Takes CARs and pins the roots, or fails as a whole: what it brought is then swept later.
   *
   * @throws NodeError `invalid`, `too-large`, `not-found` when a tree is not whole, `full`
   */
  store(cars: AsyncIterable<AsyncIterable<Uint8Array>>, roots: readonly CID[]): Promise<void>;
  isPinned(cid: CID): Promise<boolean>;
  /** False when there was no pin. */
  unpin(cid: CID): Promise<boolean>;
  /** Removes what nothing keeps; says how many blocks went. */
  collect(): Promise<number>;
  close(): Promise<void>;
};
