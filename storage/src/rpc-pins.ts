import type { CID } from 'multiformats/cid';
import { streamed } from './answers.ts';
import { invalid, NodeError } from './errors.ts';
import { ndjsonLine } from './ndjson.ts';
import type { BlockNode, PinFilter, PinKind } from './node.ts';
import { argumentsOf, type Call, flag, pinFilter } from './rpc-query.ts';

export async function pinAdd(c: Call, node: BlockNode): Promise<Response> {
  const cids = argumentsOf(c);
  await pinAll(node, cids, c.req.query('name'), flag(c, 'recursive', true));
  return c.json({ Pins: cids.map(String) });
}

export async function pinAll(
  node: BlockNode,
  cids: readonly CID[],
  name?: string,
  recursive = true,
): Promise<void> {
  if (name !== undefined && name.length > 255) throw invalid('a name of a pin has at most 255 characters');
  for (const cid of cids) await node.pin(cid, recursive ? 'recursive' : 'direct', name);
}

export async function pinRm(c: Call, node: BlockNode): Promise<Response> {
  const cids = argumentsOf(c);
  for (const cid of cids) node.unpin(cid);
  return c.json({ Pins: cids.map(String) });
}

export async function pinLs(c: Call, node: BlockNode): Promise<Response> {
  const filter = pinFilter(c.req.query('type') ?? 'all');
  const names = flag(c, 'names', false);
  const show = ({ type, name, through }: PinKind) => {
    const Type = through === undefined ? type : `${type} through ${through}`;
    return names ? { Type, Name: name } : { Type };
  };
  const pins = c.req.query('arg') === undefined ? node.listPins(filter) : namedPins(c, node, filter);
  if (flag(c, 'stream', false)) {
    const lines = async function* () {
      for (const pin of pins) yield ndjsonLine({ Cid: pin.cid, ...show(pin) });
    };
    return new Response(await streamed(lines()), { headers: { 'Content-Type': 'application/json' } });
  }
  const keys: Record<string, unknown> = {};
  // Kubo names pins here always, in the stream only when asked to.
  for (const pin of pins) keys[pin.cid] = { ...show(pin), Name: names ? pin.name : '' };
  return c.json({ Keys: keys });
}

function* namedPins(c: Call, node: BlockNode, filter: PinFilter) {
  for (const cid of argumentsOf(c)) {
    const pin = node.findPin(cid);
    if (pin === undefined || (filter !== 'all' && pin.type !== filter)) {
      throw new NodeError('not-pinned', `path '${cid.toString()}' is not pinned`);
    }
    yield pin;
  }
}
