/**
 * `npm run kubo`: brings the pinned Kubo into `.tools/`, so that storage is tested against real
 * daemons. With `--cluster` IPFS Cluster as well. Says why if it can't; tests that need one are
 * then left out, by name.
 */
import { buildCluster, CLUSTER_VERSION, hasCluster } from './lib/cluster.ts';
import { buildKubo, hasKubo, KUBO_VERSION } from './lib/kubo.ts';
import { readOptions } from './lib/options.ts';

const { values } = readOptions(
  `npm run kubo [-- --cluster]

Builds Kubo ${KUBO_VERSION} from source into .tools/, once. Needs Go and its module proxy.

  --cluster   IPFS Cluster ${CLUSTER_VERSION} too, with which replicas of Kubo are tested`,
  { options: { cluster: { type: 'boolean' } } },
);

await bring(`Kubo ${KUBO_VERSION}`, hasKubo, buildKubo);
if (values.cluster) await bring(`IPFS Cluster ${CLUSTER_VERSION}`, hasCluster, buildCluster);

async function bring(name: string, has: () => boolean, build: () => Promise<string | undefined>) {
  if (has()) {
    console.log(`${name} is there.`);
    return;
  }
  console.log(`Building ${name} (minutes, the first time) …`);
  const problem = await build();
  console.log(problem === undefined ? `${name} is there.` : `${name} could not be built: ${problem}`);
  if (problem !== undefined) process.exitCode = 1;
}
