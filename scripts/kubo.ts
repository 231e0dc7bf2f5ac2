/**
 * `npm run kubo`: brings the pinned Kubo into `.tools/`, so that storage is tested against real
 * daemons. Says why if it can't; tests that need one are then left out, by name.
 */
import { buildKubo, hasKubo, KUBO_VERSION } from './lib/kubo.ts';
import { readOptions } from './lib/options.ts';

readOptions(
  `npm run kubo\n\nBuilds Kubo ${KUBO_VERSION} from source into .tools/, once. Needs Go and its module proxy.`,
  {},
);

if (hasKubo()) {
  console.log(`Kubo ${KUBO_VERSION} is there.`);
} else {
  console.log(`Building Kubo ${KUBO_VERSION} (minutes, the first time) …`);
  const problem = await buildKubo();
  console.log(
    problem === undefined ? `Kubo ${KUBO_VERSION} is there.` : `Kubo could not be built: ${problem}`,
  );
  process.exitCode = problem === undefined ? 0 : 1;
}
