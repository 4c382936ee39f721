import { describe, expect, it } from 'vitest'
import type { Build } from '#shared/base/build.ts'
import type { HelperFound } from '#shared/ipc/helper-view.ts'
import { decide } from './privilege.ts'

const build: Build = { version: '1.0.0', origin: 'checkout', standIn: false, helper: 'a'.repeat(64), node: '/n/node' }
const checkout = { build, directory: '/src/dist' }
const packaged = { build: { ...build, origin: 'package' as const }, directory: '/usr/lib/passthrough-studio' }
const user = { root: false, pkexec: '/usr/bin/pkexec', onDisk: null, nixos: false, nodeItself: '/n/node' }
const root = { ...user, root: true }

const PACKAGED = '/usr/libexec/passthrough-studio/helper'
const OWN = '/opt/passthrough-studio/helper'
const fits = (path: string): HelperFound => ({ path, fits: true, text: 'belongs to this version' })
const other = (path: string): HelperFound => ({ path, fits: false, text: 'belongs to another version' })

describe('the helper that makes the changes', () => {
  it('is the first installed one that fits, through pkexec, whoever installed it', () => {
    const { command, refusal } = decide(checkout, [other(PACKAGED), fits(OWN)], user)
    expect(command).toEqual({ tool: 'pkexec', path: '/usr/bin/pkexec', args: [OWN] })
    expect(refusal).toBeNull()
  })

  it('is the checkout’s own for root, run by Node', () => {
    expect(decide(checkout, [], root).command).toEqual({
      tool: 'direct',
      path: '/n/node',
      args: ['/src/dist/helper.cjs'],
    })
    expect(decide(packaged, [fits(PACKAGED)], root).command).toEqual({ tool: 'direct', path: PACKAGED, args: [] })
  })

  it('is none for a package whose helper is gone, also for root', () => {
    expect(decide(packaged, [], root).refusal?.problem.message).toContain('its package was removed or is damaged')
  })
})

/** Every way to be read-only, with the button or the command that ends it. */
const READ_ONLY = [
  { what: 'a checkout without a helper', of: decide(checkout, [], user), wayOn: 'install', says: 'Install the helper' },
  {
    what: 'a checkout beside a package of another version',
    of: decide(checkout, [other(PACKAGED)], user),
    wayOn: 'install',
    says: 'start the installed program instead',
  },
  {
    what: 'a checkout that was rebuilt',
    of: decide(checkout, [other(PACKAGED), other(OWN)], user),
    wayOn: 'update',
    says: 'Update the helper',
  },
  {
    what: 'a package that was updated under an open window',
    of: decide(packaged, [other(PACKAGED)], { ...user, onDisk: 'b'.repeat(64) }),
    wayOn: 'restart',
    says: 'Start it anew to go on',
  },
  {
    what: 'a package that was removed under an open window',
    of: decide(packaged, [], user),
    wayOn: 'none',
    says: 'Install the package again',
  },
  {
    what: 'a package whose helper is damaged',
    of: decide(packaged, [other(PACKAGED), other(OWN)], { ...user, onDisk: build.helper }),
    wayOn: 'none',
    says: 'Install the package again',
  },
  {
    what: 'a package that was removed beside a checkout’s helper',
    of: decide(packaged, [other(OWN)], user),
    wayOn: 'none',
    says: 'its package was removed or is damaged',
  },
  {
    what: 'a host without polkit',
    of: decide(checkout, [fits(OWN)], { ...user, pkexec: null }),
    wayOn: 'none',
    says: 'sudo /n/node /src/dist/cli.js help',
  },
  {
    what: 'NixOS',
    of: decide(checkout, [], { ...user, nixos: true }),
    wayOn: 'none',
    says: 'Step 3 shows the lines for it',
  },
] as const

describe('a read-only app', () => {
  for (const { what, of, wayOn, says } of READ_ONLY) {
    it(`says what makes it writable: ${what}`, () => {
      expect(of.command).toBeNull()
      expect(of.refusal?.problem.code).toBe('no-helper')
      expect(of.wayOn).toBe(wayOn)
      expect(of.text).toContain(says)
    })
  }
})
