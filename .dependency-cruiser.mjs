/**
 * The arrows of docs/architecture.md. tools/check-arrows.ts runs it and fails when it saw no module.
 *
 * A room may import kernel, the rooms before it in this list that `below` names, and nothing else; another room only through
 * its index or contract.
 */
const below = {
  ledger: [],
  identity: ['ledger'],
  files: ['ledger'],
  grid: ['ledger', 'identity', 'files'],
  registry: ['ledger', 'identity', 'files', 'grid'],
  packs: ['ledger', 'identity', 'files', 'grid', 'registry'],
  loop: ['ledger', 'identity', 'files', 'grid', 'registry', 'packs'],
}
/** Rooms around the four: they see everything below, never each other. `insight` and `notify` also read contracts. */
const pillars = ['kernel', ...Object.keys(below)]
const around = [
  'notify',
  'signing',
  'points',
  'duty',
  'voice',
  'works',
  'oversight',
  'counter',
  'talent',
  'outreach',
  'insight',
]
/** What they hear of, they know by its contract. */
const listening = new Set(['notify', 'insight'])
const test = '(\\.(test|cases)|/fixtures)\\.ts$'

const upward = [
  {
    name: 'kernel-knows-no-room',
    severity: 'error',
    from: { path: '^src/kernel/', pathNot: test },
    to: { path: '^src/(?!kernel/)' },
  },
  ...Object.entries(below).map(([room, lower]) => ({
    name: `${room}-only-looks-down`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: test },
    to: { path: '^src/', pathNot: `^src/(${['kernel', room, ...lower].join('|')})/` },
  })),
  ...around.map((room) => ({
    name: `${room}-only-looks-down`,
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: test },
    to: {
      path: '^src/',
      pathNot: [
        `^src/(${[room, ...pillars].join('|')})/`,
        ...(listening.has(room) ? ['^src/[^/]+/contract\\.ts$'] : []),
      ],
    },
  })),
]

export default {
  forbidden: [
    ...upward,
    {
      name: 'through-the-front-door',
      comment: 'Another room is imported through its index or contract; kernel has no front door.',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: test },
      to: { path: '^src/[^/]+/', pathNot: '^src/(kernel/|$1/|[^/]+/(index|contract)\\.ts$)' },
    },
    {
      name: 'sub-room-through-its-front-door',
      comment: 'Inside a room, another sub-room is better imported through its index or contract.',
      severity: 'info',
      from: { path: '^src/([^/]+)/([^/]+)/', pathNot: test },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/$1/($2/|[^/]+/(index|contract)\\.ts$)' },
    },
    {
      name: 'pages-know-contracts-only',
      comment: 'And what both sides run: the verifier, the gate of the liveness check.',
      severity: 'error',
      from: { path: '^web/', pathNot: test },
      to: {
        path: '^src/',
        pathNot: '(^src/signing/proof/[^/]+|/(contract|verify-proof|face/gate))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-server-in-product',
      comment: 'server, worker and cli compose rooms; nobody imports them but tests.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `(^src/cli/|${test})` },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      from: { path: '^(src|web)/', pathNot: test },
      to: { path: `(^test/|${test})` },
    },
    {
      name: 'no-circle',
      severity: 'error',
      from: { pathNot: '^node_modules' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-missing-module', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    includeOnly: '^(src|web|test)/',
    exclude: { path: '^web/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
}
