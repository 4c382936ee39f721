import { spawn } from 'node:child_process'
import { ROOT } from './paths.mjs'

/**
 * For programs of which only errors are worth a line.
 * @type {import('node:child_process').StdioOptions}
 */
export const ONLY_ERRORS = ['ignore', 'ignore', 'inherit']

/**
 * Runs a program with inherited output and waits for it. Returns its exit code; a signal counts as 1.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', ...options })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs a program and returns what it printed; throws when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export async function output(program, args, options = {}) {
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], ...options })
  /** @type {Uint8Array[]} */
  const chunks = []
  child.stdout?.on('data', (chunk) => chunks.push(chunk))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed with exit code ${code}`)
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Runs a program and throws when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export async function must(program, args, options = {}) {
  const code = await run(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed with exit code ${code}`)
}

/** @param {string} text */
export function say(text) {
  console.log(`[studio] ${text}`)
}
