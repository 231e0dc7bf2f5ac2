import type { CID } from 'multiformats/cid';
import { ChartkeyError, StorageError } from '../errors.ts';
import type { NodeFault, NodeHandle, StorageClient } from './client.ts';
import { type Bytes, digestOf } from './dag.ts';
import { RequestFailure } from './http.ts';
import { mapInOrder } from './in-order.ts';
import { type BodyRef, bodyBlocks, readBlockFrom } from './read.ts';
import { repairBlock, repairPin } from './repair.ts';
import { post } from './rpc.ts';

/** Something that nodes have to hold, pinned. */
export type AuditItem = {
  /** For the report: a record's id, or what else it is. */
  readonly label: string;
  /** The pinned root. */
  readonly root: CID;
  /** Set when a whole body hangs under the root. */
  readonly body?: BodyRef | undefined;
};

export type Finding = {
  readonly label: string;
  readonly cid: string;
  /** Empty when no node has it. */
  readonly node: string;
  /** `lost`: no node gives the right bytes. `still-there`: should have been erased. */
  readonly finding: 'missing' | 'corrupt' | 'unpinned' | 'lost' | 'still-there';
  readonly repaired: boolean;
};

export type NodeTally = {
  readonly node: string;
  /** Blocks that were read and whose bytes are right. */
  readonly blocks: number;
  readonly bytes: number;
  readonly findings: number;
  /** Why it could not be asked to the end. */
  readonly unreachable: NodeFault | undefined;
};

export type AuditReport = {
  /** Nothing was found, and every node was asked to the end. */
  readonly clean: boolean;
  readonly items: number;
  readonly findings: readonly Finding[];
  readonly nodes: readonly NodeTally[];
};

export type AuditOptions = {
  /** Copies from a healthy node what is missing or corrupt on another, and pins what is not. */
  readonly repair?: boolean | undefined;
  /** So many blocks of each body, drawn at random, beside its root. Default: all. */
  readonly blocksPerItem?: number | undefined;
  /** Each time another label begins: how many there were before it. */
  readonly onLabel?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

const BLOCKS_AT_ONCE = 4;

/**
 * Reads every block of every item from every node, and hashes it. A pin is a node's promise; only
 * bytes tell whether it was kept. Memory: a few blocks, whatever the number of items.
 *
 * @throws ChartkeyError `CANCELLED`, `INPUT_INVALID` for a sample that is no whole number from 1 on
 */
export async function auditItems(
  client: StorageClient,
  items: AsyncIterable<AuditItem> | Iterable<AuditItem>,
  options: AuditOptions = {},
): Promise<AuditReport> {
  const { blocksPerItem = 1 } = options;
  if (!Number.isSafeInteger(blocksPerItem) || blocksPerItem < 1) {
    throw new ChartkeyError('INPUT_INVALID', 'A sample is a whole number of blocks, from 1 on.');
  }
  const audit = new Audit(client, options);
  let count = 0;
  let labels = 0;
  let label: string | undefined;
  for await (const item of items) {
    if (item.label !== label) options.onLabel?.(labels++);
    label = item.label;
    count += 1;
    await audit.item(item);
  }
  options.onLabel?.(labels);
  return audit.report(count);
}

type Tally = { blocks: number; bytes: number; findings: number; unreachable: NodeFault | undefined };

class Audit {
  readonly #client: StorageClient;
  readonly #options: AuditOptions;
  readonly #findings: Finding[] = [];
  readonly #tallies: ReadonlyMap<NodeHandle, Tally>;

  constructor(client: StorageClient, options: AuditOptions) {
    this.#client = client;
    this.#options = options;
    this.#tallies = new Map(
      client.nodes.map((node) => [node, { blocks: 0, bytes: 0, findings: 0, unreachable: undefined }]),
    );
  }

  async item(item: AuditItem): Promise<void> {
    const { signal, blocksPerItem } = this.#options;
    const all = item.body === undefined ? one(item.root) : bodyBlocks(this.#client, { ...item.body, signal });
    const cids = blocksPerItem === undefined ? all : sampleOf(all, blocksPerItem);
    try {
      for await (const _done of mapInOrder(cids, BLOCKS_AT_ONCE, (cid) => this.#block(item, cid)));
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      // No node has one of the tree's nodes: what hangs below can't be known any more.
      this.#found({
        label: item.label,
        cid: item.root.toString(),
        node: '',
        finding: 'lost',
        repaired: false,
      });
      return;
    }
    await Promise.all(this.#asked().map((node) => this.#pin(item, node)));
  }

  report(items: number): AuditReport {
    const nodes = [...this.#tallies].map(([node, tally]) => ({ node: node.label, ...tally }));
    const clean = this.#findings.length === 0 && nodes.every(({ unreachable }) => unreachable === undefined);
    return { clean, items, findings: this.#findings, nodes };
  }

  #asked(): NodeHandle[] {
    return this.#client.nodes.filter((node) => this.#tallies.get(node)?.unreachable === undefined);
  }

  async #block(item: AuditItem, cid: CID): Promise<void> {
    const seen = await Promise.all(this.#asked().map((node) => this.#read(node, cid)));
    const good = seen.find(({ bytes }) => bytes !== undefined)?.bytes;
    const bad = seen.filter(({ fault }) => fault !== undefined);
    if (good === undefined && bad.length > 0) {
      return this.#found({
        label: item.label,
        cid: cid.toString(),
        node: '',
        finding: 'lost',
        repaired: false,
      });
    }
    for (const { node, fault } of bad) {
      const finding = fault === 'not-found' ? 'missing' : 'corrupt';
      const repaired =
        this.#options.repair === true && good !== undefined && (await this.#mend(item, node, cid, good));
      this.#found({ label: item.label, cid: cid.toString(), node: node.label, finding, repaired }, node);
    }
  }

  async #read(node: NodeHandle, cid: CID): Promise<{ node: NodeHandle; bytes?: Bytes; fault?: NodeFault }> {
    const tally = this.#tallies.get(node);
    try {
      const bytes = await readBlockFrom(this.#client, node, cid, digestOf(cid), this.#options.signal);
      if (tally !== undefined) {
        tally.blocks += 1;
        tally.bytes += bytes.length;
      }
      return { node, bytes };
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      this.#client.report(node, error.fault);
      if (!isDown(error.fault)) return { node, fault: error.fault };
      if (tally !== undefined) tally.unreachable = error.fault;
      return { node };
    }
  }

  #mend(item: AuditItem, node: NodeHandle, cid: CID, bytes: Bytes): Promise<boolean> {
    const part = { root: item.root, block: { cid, bytes } };
    return succeeds(() => repairBlock(this.#client, node, part, this.#options.signal));
  }

  async #pin(item: AuditItem, node: NodeHandle): Promise<void> {
    const { signal, repair } = this.#options;
    const cid = item.root.toString();
    try {
      await post(this.#client, node, `pin/ls?arg=${cid}&type=recursive`, undefined, signal);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const repaired =
        repair === true && (await succeeds(() => repairPin(this.#client, node, item.root, signal)));
      this.#found({ label: item.label, cid, node: node.label, finding: 'unpinned', repaired }, node);
    }
  }

  #found(finding: Finding, node?: NodeHandle): void {
    this.#findings.push(finding);
    const tally = node && this.#tallies.get(node);
    if (tally !== undefined) tally.findings += 1;
  }
}

export function isDown(fault: NodeFault): boolean {
  return fault === 'unreachable' || fault === 'timed-out';
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof RequestFailure) return false;
    throw error;
  }
}

async function* one(cid: CID): AsyncGenerator<CID> {
  yield cid;
}

/** The root, and `count` of the others, each as likely as any (reservoir sampling, algorithm R). */
async function* sampleOf(cids: AsyncIterable<CID>, count: number): AsyncGenerator<CID> {
  const kept: CID[] = [];
  let seen = 0;
  for await (const cid of cids) {
    seen += 1;
    if (seen === 1) {
      yield cid;
      continue;
    }
    const place = seen - 1 <= count ? kept.length : Math.floor(Math.random() * (seen - 1));
    if (place < count) kept[place] = cid;
  }
  yield* kept;
}
