// Runs inside the fallback Electron 25 only: starts the app whose directory is the first argument that is no switch.
const { existsSync } = require('node:fs')
const { join, resolve } = require('node:path')
require('./fallback-polyfills.cjs')

const directory = process.argv
  .slice(1)
  .find((word) => !word.startsWith('-') && existsSync(join(resolve(word), 'package.json')))
if (directory === undefined) throw new Error('give the app directory as an argument')
const root = resolve(directory)
require(join(root, require(join(root, 'package.json')).main))
