/**
 * What IPFS Cluster peers beside our Kubo daemons are told, on top of what `init` writes into
 * `service.json`. Its defaults find peers by themselves and listen everywhere; here each knows the
 * others by name, and nobody else.
 *
 * Source: https://ipfscluster.io/documentation/reference/configuration/
 */
export type ClusterPlan = {
  /**
   * How many daemons hold each record. A pin that can't have `min` is refused, and with it the upload;
   * with a lower one, a record that came while others were away keeps fewer copies for good.
   */
  readonly replicas: { readonly min: number; readonly max: number };
  /** Ids of all peers: only they may change what is pinned. */
  readonly peerIds: readonly string[];
  /** `/ip4/10.0.0.2/tcp/9096/p2p/<id>`: where the others are. */
  readonly otherPeers: readonly string[];
  /** 32 bytes as 64 hex digits: who does not have them can't even say hello. */
  readonly secret: string;
  /** Where the other peers reach this one: `/ip4/10.0.0.1/tcp/9096`. */
  readonly listen: string;
  /** Where the gate reaches its REST API; never from outside: it asks for no password. */
  readonly restApi: string;
  /** RPC of its own Kubo: `/ip4/127.0.0.1/tcp/5001`. */
  readonly kubo: string;
};

/** Paths in `service.json` with their values; `undefined` takes a part out. */
export function clusterSettings(plan: ClusterPlan): Readonly<Record<string, unknown>> {
  const { replicas, peerIds, otherPeers, secret, listen, restApi, kubo } = plan;
  return {
    'cluster.secret': secret,
    'cluster.listen_multiaddress': [listen],
    'cluster.peer_addresses': otherPeers,
    'cluster.replication_factor_min': replicas.min,
    'cluster.replication_factor_max': replicas.max,
    // On by default: a record whose daemon is gone would stay one copy short.
    'cluster.disable_repinning': false,
    // Nothing is looked for or offered on the network around.
    'cluster.mdns_interval': '0s',
    'cluster.enable_relay_hop': false,
    // By default everybody who has the secret may pin and unpin.
    'consensus.crdt.cluster_name': 'chartkey',
    'consensus.crdt.trusted_peers': peerIds,
    'api.restapi.http_listen_multiaddress': restApi,
    // Its proxy does not follow `dag/import`, and a second door is one to guard.
    'api.ipfsproxy': undefined,
    'api.pinsvcapi': undefined,
    'ipfs_connector.ipfshttp.node_multiaddress': kubo,
    'allocator.balanced.allocate_by': ['freespace'],
  };
}

/**
 * Besides `KUBO_SETTINGS`: behind a cluster the daemons bring records to each other, over a private
 * network (one swarm key), to peers by name. They run without `--offline`.
 */
export function kuboSettingsInCluster({
  listen,
  others,
}: {
  /** `/ip4/10.0.0.1/tcp/4001` */
  readonly listen: string;
  readonly others: readonly { readonly id: string; readonly address: string }[];
}): Readonly<Record<string, unknown>> {
  return {
    'Addresses.Swarm': [listen],
    'Peering.Peers': others.map(({ id, address }) => ({ ID: id, Addrs: [address] })),
  };
}
