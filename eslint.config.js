import js from '@eslint/js'
import a11y from 'eslint-plugin-jsx-a11y'
import n from 'eslint-plugin-n'
import hooks from 'eslint-plugin-react-hooks'
import sorted from 'eslint-plugin-simple-import-sort'
import tseslint from 'typescript-eslint'

const processAccess = [
  { name: 'electron', message: 'Only main, preload and electron/shell know Electron.' },
  { name: 'node:child_process', message: 'Programs are run by host/exec/ and host/open-program.ts only.' },
  { name: 'execa', message: 'Programs are run by host/exec/ and host/open-program.ts only.' },
]

/** What is further than the folder above is imported by the name of its room. */
const farAway = [
  { group: ['../../*'], message: 'Import it by its room: #shared/..., #core/... (package.json, imports).' },
]

/** Drivers that VFIO has a rule for: asked about by name in one place, so that nobody judges by a list of his own. */
const driverNames = {
  selector: 'Literal[value=/^(vfio-pci|pci-stub|pcieport)$/]',
  message: 'Ask shared/units/drivers.ts; it is the one judge of drivers.',
}
/** Sentences of the window, the command line and errors have one apostrophe; a shell's words have none like it. */
const apostrophe = {
  selector: ":matches(Literal, JSXText)[value=/[A-Za-z]'s [a-z]/], TemplateElement[value.raw=/[A-Za-z]'s [a-z]/]",
  message: 'In a sentence write ’.',
}
const namedExports = { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }
const structure = [
  namedExports,
  {
    // A reader of the real host may add to the one that reads files; an error is an Error.
    selector: 'ClassDeclaration[superClass!=null]:not([superClass.name=/^(Error|ProblemError|FileReader)$/])',
    message: 'Put parts together; nothing of ours extends another class.',
  },
]

export default tseslint.config(
  { ignores: ['dist', 'out-tsc', 'node_modules', 'e2e/artifacts', '*.cjs', '**/*.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { n, sorted },
    rules: {
      // One block from far to near: effects, Node, packages, rooms of this project, the own room.
      'sorted/imports': ['error', { groups: [['^\\u0000', '^node:', '^@?\\w', '^#', '^\\.\\.', '^\\.']] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': 'off', // arrow shorthand for a void call reads well
      '@typescript-eslint/require-await': 'off', // implementations of asynchronous interfaces need not await
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      complexity: ['error', { max: 10, variant: 'modified' }], // a switch over a closed union counts as one
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 50, skipComments: true, skipBlankLines: true }],
      'n/no-sync': 'error',
      'no-mixed-operators': ['error', { groups: [['??', '?:']] }],
      'no-restricted-imports': ['error', { paths: processAccess, patterns: farAway }],
      'no-restricted-syntax': ['error', ...structure],
    },
  },
  {
    files: [
      'electron/main.ts',
      'electron/preload.ts',
      'electron/shell/**',
      'electron/host/exec/**',
      'electron/host/{open-program,child.fixture}.ts',
      'e2e/**',
    ],
    rules: { 'no-restricted-imports': ['error', { patterns: farAway }] },
  },
  {
    files: ['{electron,shared,renderer}/**/*.{ts,tsx}'],
    // Diagnosis quotes what programs print, and a simulated kernel has drivers of its own.
    ignores: [
      '**/*.{test,fixture}.ts',
      'shared/units/**',
      'electron/core/diagnose/rules/**',
      'electron/host/simulated/**',
    ],
    rules: { 'no-restricted-syntax': ['error', ...structure, driverNames, apostrophe] },
  },
  // Shell scripts, and a sheet for a text console, which has no curly characters.
  {
    files: ['electron/core/definition/qemu/**', 'electron/core/texts/**', 'electron/helper/{proof-guest,rescue}/**'],
    rules: { 'no-restricted-syntax': ['error', ...structure, driverNames] },
  },
  // A description block of tests is not a function anybody has to understand as one.
  {
    files: ['**/*.{test,fixture}.{ts,tsx}', 'e2e/**'],
    rules: {
      'max-lines-per-function': 'off',
      'n/no-sync': 'off',
      'no-restricted-imports': ['error', { patterns: farAway }],
      // A test may watch or break one method of a simulated host.
      'no-restricted-syntax': ['error', namedExports],
    },
  },
  // Tools take a default export of these.
  { files: ['**/*.config.ts', 'e2e/own-tmp.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    extends: [a11y.flatConfigs.strict],
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      // A region that scrolls has to be reachable by keyboard (axe: scrollable-region-focusable).
      'jsx-a11y/no-noninteractive-tabindex': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        queueMicrotask: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        require: 'readonly',
      },
    },
  },
)
