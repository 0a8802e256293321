/** Which file may import which. `npm run check:layers` checks it, and then the features as wholes. */
const FEATURES = '^src/(auth|rooms|chat|presence|stats|events|http)(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files never import one another in a circle.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'protocol-stands-alone',
      comment: 'The wire types are shared by server, clients and tests: they import nothing of ours.',
      severity: 'error',
      from: { path: '^src/protocol/' },
      to: { path: '^(src|migrations|test)/', pathNot: '^src/protocol/' },
    },
    {
      name: 'socket-knows-no-feature',
      comment: 'Connections and frames serve every feature and depend on none.',
      severity: 'error',
      from: { path: '^src/socket/' },
      to: { path: FEATURES },
    },
    {
      name: 'client-stands-alone',
      comment: 'The browser client imports nothing of the server, and no package (its hooks: React) …',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { pathNot: '^src/(client|protocol)/|node_modules/(@types/)?react/' },
    },
    {
      name: 'client-takes-only-types',
      comment: '… and of the protocol only its types, which cost no bytes.',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/protocol/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-without-react',
      comment: 'Only the hooks know React.',
      severity: 'error',
      from: { path: '^src/client/', pathNot: '^src/client/react/' },
      to: { path: '^src/client/react/|node_modules/' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What runs in production imports neither tests nor development packages.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-development-packages-in-the-product',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere. (The host application of the tests finds us by our name, once built.)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^milonga$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
