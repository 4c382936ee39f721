import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { virtualScript } from '#core/texts/virtual-functions.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'

const CARD = { address: '0000:02:00.0', vendorId: '8086', deviceId: '1521', count: 4, way: '0000:00:1c.0/00.0' }
const VIRTUAL = {
  ...{ address: '0000:02:10.0', vendorId: '8086', deviceId: '1520', physfn: CARD.address },
  way: '0000:00:1c.0/10.0',
}
const DEVICES = 'sys/bus/pci/devices'

let root: string

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const said = (path: string) => readFileSync(join(root, path), 'utf8').trim()

/** As in sysfs: a link to where the device hangs. `port`: the root port above it. */
function device(
  address: string,
  id: string,
  attributes: Readonly<Record<string, string>>,
  port = '0000:00:1c.0',
): void {
  const [path, link] = [`sys/devices/pci0000:00/${port}/${address}`, join(root, DEVICES, address)]
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(join(root, path), link)
  const [vendor, code] = id.split(':')
  const files = { vendor: `0x${vendor}`, device: `0x${code}`, ...attributes }
  for (const [name, text] of Object.entries(files)) put(`${path}/${name}`, `${text}\n`)
}

function cardAndVirtual(port?: string): void {
  device(CARD.address, '8086:1521', { sriov_numvfs: '0', sriov_drivers_autoprobe: '1' }, port)
  device(VIRTUAL.address, '8086:1520', { driver_override: '(null)' }, port)
  symlinkSync(join(root, 'sys/bus/pci/drivers/igb'), join(root, DEVICES, CARD.address, 'driver'))
  symlinkSync(join(root, DEVICES, CARD.address), join(root, DEVICES, VIRTUAL.address, 'physfn'))
}

/** Runs the script's own text in a real shell on a tree of plain files, where no driver ever takes anything. */
function run(): void {
  put('bin/modprobe', '#!/bin/sh\n')
  chmodSync(join(root, 'bin/modprobe'), 0o755)
  const script = virtualScript({ of: 'virtual-functions', cards: [CARD], functions: [VIRTUAL] })
  const there = script.replaceAll(/\/(sys|proc)\//gu, `${root}/$1/`).replace('exit "$failed"', 'exit 0')
  execFileSync('sh', ['-c', there], { env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` }, stdio: 'ignore' })
}

function state() {
  return {
    count: said(`${DEVICES}/${CARD.address}/sriov_numvfs`),
    probes: said(`${DEVICES}/${CARD.address}/sriov_drivers_autoprobe`),
    override: said(`${DEVICES}/${VIRTUAL.address}/driver_override`),
    probed: said('sys/bus/pci/drivers_probe'),
  }
}

const UNTOUCHED = { count: '0', probes: '1', override: '(null)', probed: '' }

beforeEach(async () => {
  root = await temporaryDirectory('virtual-functions')
  put('proc/cmdline', 'quiet intel_iommu=on\n')
  put('sys/bus/pci/drivers_probe', '')
  put('sys/bus/pci/drivers/igb/bind', '')
  cardAndVirtual()
})

describe('the script for virtual functions', () => {
  it('makes them where no driver of the host takes them, and holds those of VMs', () => {
    run()
    expect(state()).toEqual({ count: '4', probes: '0', override: 'vfio-pci', probed: VIRTUAL.address })
  })

  it('leaves a card alone that has some already', () => {
    put(`${DEVICES}/${CARD.address}/sriov_numvfs`, '2\n')
    run()
    expect(state()).toMatchObject({ count: '2', probes: '1' })
  })

  it('leaves addresses alone that now hold other devices', () => {
    device(CARD.address, '144d:a80a', {})
    device(VIRTUAL.address, '8086:10ed', {})
    run()
    expect(state()).toEqual(UNTOUCHED)
  })

  it('leaves a twin alone that is at the address by now, told by its way through the ports', () => {
    cardAndVirtual('0000:00:1d.0')
    run()
    expect(state()).toEqual(UNTOUCHED)
  })

  it('does nothing at all with passthrough_studio=off', () => {
    put('proc/cmdline', 'quiet passthrough_studio=off\n')
    run()
    expect(state()).toEqual(UNTOUCHED)
  })
})
