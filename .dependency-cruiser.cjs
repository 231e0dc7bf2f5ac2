/**
 * Imports point down only: web, cli, keeper, storage, indexer, relay → (service →) sdk → generated ABIs.
 * Each rule has a planted violation in scripts/verify/canary.ts, which `npm run verify`
 * expects to be reported; a rule without one fails.
 */
const PARTS = '^(web|cli|keeper|storage|indexer|relay)/';
const TESTS = '([.]test[.]tsx?$|/testing[.]ts$|^[^/]+/test/)';

module.exports = {
  forbidden: [
    {
      name: 'sdk-imports-no-part',
      comment: 'The sdk is the lowest layer: it knows nobody above it.',
      severity: 'error',
      from: { path: '^sdk/' },
      to: { path: PARTS },
    },
    {
      name: 'service-imports-the-sdk-alone',
      comment: 'What services share knows none of them.',
      severity: 'error',
      from: { path: '^service/' },
      to: { path: PARTS },
    },
    {
      name: 'siblings-stay-apart',
      comment: 'Parts meet over HTTP and over the chain, never by import.',
      severity: 'error',
      from: { path: PARTS },
      to: { path: PARTS, pathNot: '^$1/' },
    },
    {
      name: 'nothing-imports-scripts',
      comment:
        'Scripts, deployment and flows use the parts, not the other way round. Tests may start a chain.',
      severity: 'error',
      from: { path: '^(sdk|service|web|cli|keeper|storage|indexer|relay)/', pathNot: TESTS },
      to: { path: '^(scripts|deploy|test)/' },
    },
    {
      name: 'sdk-runs-in-browsers',
      comment: "The sdk runs in a browser's worker too, where there is no Node.",
      severity: 'error',
      from: { path: '^sdk/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-through-their-index',
      comment: 'features/<name>/index.ts is the only importable file of a feature.',
      severity: 'error',
      from: { path: '^web/', pathNot: '^web/features/' },
      to: { path: '^web/features/[^/]+/', pathNot: '^web/features/[^/]+/index[.]tsx?$' },
    },
    {
      name: 'features-through-their-index-among-themselves',
      comment: 'The same between features.',
      severity: 'error',
      from: { path: '^web/features/([^/]+)/' },
      to: {
        path: '^web/features/[^/]+/',
        pathNot: ['^web/features/$1/', '^web/features/[^/]+/index[.]tsx?$'],
      },
    },
    {
      name: 'ui-knows-no-feature',
      comment: 'ui/ is what features are built from.',
      severity: 'error',
      from: { path: '^web/ui/' },
      to: { path: '^web/(features|app)/' },
    },
    {
      name: 'abis-through-the-sdk',
      comment:
        'Compiled artifacts and ethers types are for contract tests; everybody else reads generated ABIs.',
      severity: 'error',
      from: { path: '^(sdk|service|web|cli|keeper|storage|indexer|relay)/' },
      to: { path: '^(artifacts|types)/' },
    },
    {
      name: 'no-test-in-production',
      comment: 'Test doubles never ship.',
      severity: 'error',
      from: { path: '^(sdk|service|web|cli|keeper|storage|indexer|relay)/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)([.]next|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
};
