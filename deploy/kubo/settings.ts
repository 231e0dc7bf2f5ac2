/**
 * What a Kubo daemon behind Chartkey is told. Its defaults serve a public network; here it is a
 * disk that speaks IPFS: it asks nobody, announces nothing, and checks what it reads.
 */
export const KUBO_SETTINGS: Readonly<Record<string, unknown>> = {
  // Off by default: a rotten block would be handed out as it is.
  'Datastore.HashOnRead': true,
  // Otherwise an audit of this node would measure what others have.
  'Gateway.NoFetch': true,
  // Blocks and CARs alone: nothing that a browser could take for a page.
  'Gateway.DeserializedResponses': false,
  'Routing.Type': 'none',
  Bootstrap: [],
  // Replicas are written by the client over HTTP, so no node has to find another.
  'Addresses.Swarm': [],
  'AutoConf.Enabled': false,
  'AutoTLS.Enabled': false,
  'Discovery.MDNS.Enabled': false,
  'HTTPRetrieval.Enabled': false,
  'Provide.Enabled': false,
  'DNS.Resolvers': {},
  'Swarm.DisableNatPortMap': true,
  'Swarm.RelayClient.Enabled': false,
  'Swarm.RelayService.Enabled': false,
  'Swarm.EnableHolePunching': false,
  // A swarm key works with plain TCP only.
  'Swarm.Transports.Network.QUIC': false,
  'Swarm.Transports.Network.Websocket': false,
  'Swarm.Transports.Network.WebTransport': false,
  'Swarm.Transports.Network.WebRTCDirect': false,
  'Version.SwarmCheckEnabled': false,
  // The record index says what to keep; a full disk must not decide it.
  'Datastore.StorageGCWatermark': 100,
};

/** Beside the settings: no daemon without a swarm key, and nothing told to its makers. */
export const KUBO_ENVIRONMENT: Readonly<Record<string, string>> = {
  LIBP2P_FORCE_PNET: '1',
  IPFS_TELEMETRY: 'off',
};

/** `swarm.key` of a private network: 32 random bytes that its nodes share. */
export function swarmKey(bytes: Uint8Array): string {
  return `/key/swarm/psk/1.0.0/\n/base16/\n${Buffer.from(bytes).toString('hex')}\n`;
}
