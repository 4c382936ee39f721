// Imports run downwards only: host reads, core decides, helper changes, vm drives, app conducts, shell, cli and
// renderer show. docs/ARCHITECTURE.md says what each room is for.
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.(test|fixture)\\.tsx?$' },
  to: { path: '^(shared|electron|renderer|e2e)/', pathNot: allowed },
})
/** A room of shared/ may use those named and itself. */
const shared = (room, ...below) =>
  only(`shared-${room}`, `^shared/${room}/`, `^shared/(${[room, ...below].join('|')})/`)
const core = (room, ...below) =>
  only(
    `core-${room}`,
    `^electron/core/${room}/`,
    `^shared/|^electron/core/(evidence.ts|${[room, ...below].join('|')})(/|$)`,
  )
const renderer = (room, ...below) =>
  only(`renderer-${room}`, `^renderer/${room}/`, `^shared/|^renderer/(${[room, ...below].join('|')})/`)

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.m?ts$', '\\.config\\.ts$', '^electron/tools/', 'e2e/lab/image/'] },
      to: {},
    },
    {
      name: 'pure',
      severity: 'error',
      comment: 'shared runs in every process and core decides: neither knows Node or the DOM',
      from: { path: '^(shared|electron/core)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    shared('base'),
    shared('facts', 'base'),
    shared('units', 'base', 'facts'),
    shared('vm', 'base', 'facts'),
    shared('wizard', 'base', 'facts', 'units', 'vm'),
    shared('plan', 'base', 'facts', 'units', 'vm', 'wizard'),
    only('shared-ipc', '^shared/ipc/', '^shared/'),
    core('units'),
    core('boot', 'texts'),
    core('definition', 'units'),
    core('texts', 'definition'),
    core('diagnose', 'units'),
    only('situation', '^electron/core/situation', '^shared/|^electron/core/(units|boot|definition)/'),
    core('steps', 'units', 'boot', 'definition', 'texts', 'situation.ts'),
    core('health', 'steps', 'boot'),
    only('host', '^electron/host/', '^(shared|electron/host)/'),
    only('vm', '^electron/vm/', '^(shared|electron/(vm|core/definition|host))/'),
    only(
      'helper',
      '^electron/helper/',
      '^(shared|electron/helper|electron/host/probe|electron/core/texts)/|^electron/host/((?:exec|unified)/|(file-reader|users-socket)\\.ts$)',
      'the privileged part stays small; what it writes it makes itself',
    ),
    only(
      'app',
      '^electron/app/',
      '^(shared|electron/(app|vm|core|host)|electron/helper/executor)',
      'the executor serves the simulation in process',
    ),
    only('cli', '^electron/cli', '^(shared|electron/(cli|app|core|host))'),
    only('shell', '^electron/shell/', '^(shared|electron/(shell|app))/'),
    renderer('ui'),
    renderer('state'),
    renderer('controls', 'ui', 'state'),
    renderer('pages', 'ui', 'state', 'controls'),
    renderer('frame', 'ui', 'state', 'controls', 'pages'),
    {
      name: 'electron-in-shell-only',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: '^electron/(shell/|main\\.ts|preload\\.ts)' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'execa-in-exec-only',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/host/exec/' },
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
