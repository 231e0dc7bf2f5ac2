import type { Backend } from './backend.ts';
import { giveBack } from './buffers.ts';
import { readCar } from './car.ts';
import { NodeError } from './errors.ts';
import type { BlockNode } from './node.ts';
import { VERSION } from './version.ts';

/** The node in this process. */
export function embeddedBackend(node: BlockNode, maxBlockBytes: number): Backend {
  return {
    kind: 'embedded',
    describe: async () => `embedded node ${VERSION}`,
    has: (cid) => node.blocks.has(cid),
    read: (cid) => node.blocks.get(cid),
    async store(cars, roots) {
      await node.importing(async (batch) => {
        for await (const car of cars) {
          for await (const { cid, bytes } of (await readCar(car, maxBlockBytes)).blocks) {
            await batch.put(cid, bytes, () => giveBack(bytes));
          }
        }
        await batch.commit();
        for (const root of roots) await node.pin(root, 'recursive');
        return 'pinned';
      });
    },
    isPinned: async (cid) => node.findPin(cid)?.type === 'recursive',
    async unpin(cid) {
      try {
        node.unpin(cid);
        return true;
      } catch (error) {
        if (error instanceof NodeError && error.fault === 'not-pinned') return false;
        throw error;
      }
    },
    async collect() {
      let removed = 0;
      for await (const _cid of node.collect()) removed += 1;
      return removed;
    },
    close: async () => node.close(),
  };
}
