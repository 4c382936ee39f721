// Imports run downwards only: shared <- host, qmp <- boot, machine <- steps <- app <- shell <- main.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: '^(shared|electron|renderer|e2e)/', pathNot: allowed },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.m?ts$', '\\.config\\.ts$', '(^|/)launch/', 'e2e/lab/image/'] },
      to: {},
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      comment: 'shared runs in every process: no Node, no DOM',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'steps-are-pure',
      severity: 'error',
      comment: 'facts in, plan out',
      from: { path: '^electron/(steps|boot|machine|diagnose|health)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    only('shared-alone', '^shared/', '^shared/'),
    only('host', '^electron/host/', '^(shared|electron/host)/'),
    only('boot', '^electron/boot/', '^(shared|electron/boot)/'),
    only('machine', '^electron/machine/', '^(shared|electron/machine)/'),
    only('steps', '^electron/steps/', '^(shared|electron/(steps|boot|machine))/'),
    only('diagnose', '^electron/diagnose/', '^(shared|electron/diagnose)/'),
    only('health', '^electron/health/', '^(shared|electron/(health|steps))/'),
    only('agent', '^electron/agent/', '^(shared|electron/agent)/'),
    only('qmp', '^electron/qmp/', '^(shared|electron/qmp)/'),
    only('vm', '^electron/vm/', '^(shared|electron/(vm|machine|agent|qmp|host))/'),
    only(
      'helper',
      '^electron/helper/',
      '^(shared|electron/helper)/|^electron/host/(exec|file-reader)\\.ts$',
      'the privileged part stays small',
    ),
    only(
      'app',
      '^electron/app/',
      '^(shared|electron/(app|vm|steps|boot|machine|diagnose|health|host|helper/executor))',
      'the executor serves the simulation in process',
    ),
    only('cli', '^electron/cli', '^(shared|electron/(cli|app|steps|machine|diagnose|host))'),
    only('shell', '^electron/shell/', '^(shared|electron/(shell|app))/'),
    only('renderer', '^renderer/', '^(shared|renderer)/'),
    {
      name: 'electron-in-shell-only',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: '^electron/(shell/|main\\.ts|preload\\.ts)' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'execa-in-exec-only',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/host/exec(\\.test)?\\.ts$' },
      to: { path: 'node_modules/execa/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out-tsc|e2e/artifacts)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
}
