import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { earlyScript } from '#core/texts/early-bind.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'

const GPU = { address: '0000:01:00.0', vendorId: '10de', deviceId: '13f1', way: '0000:00:01.0/00.0' }
const AUDIO = { address: '0000:01:00.1', vendorId: '10de', deviceId: '0fbb', way: null }

let root: string

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** As in sysfs: a link to where the device hangs. `port`: the root port above it. */
function device(address: string, vendor: string, id: string, port = '0000:00:01.0'): void {
  const link = join(root, `sys/bus/pci/devices/${address}`)
  const path = `sys/devices/pci0000:00/${port}/${address}`
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(join(root, path), link)
  put(`${path}/vendor`, `0x${vendor}\n`)
  put(`${path}/device`, `0x${id}\n`)
  put(`${path}/driver_override`, '(null)\n')
}

function override(address: string): string {
  return readFileSync(join(root, `sys/bus/pci/devices/${address}/driver_override`), 'utf8').trim()
}

/** Runs the script's own text in a real shell on a tree of plain files; `modprobe` binds what `binds` names. */
function run(binds: readonly string[] = []): string | null {
  const drivers = join(root, 'sys/bus/pci/drivers/vfio-pci')
  const modprobe = ['#!/bin/sh', `mkdir -p ${drivers}`, ...binds.map((address) => `: > ${drivers}/${address}`), '']
  put('bin/modprobe', modprobe.join('\n'))
  chmodSync(join(root, 'bin/modprobe'), 0o755)
  const script = earlyScript([GPU, AUDIO]).replaceAll(/\/(sys|proc|run)\//gu, `${root}/$1/`)
  execFileSync('sh', ['-c', script], { env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` } })
  const note = join(root, 'run/passthrough-studio/early-bind')
  return existsSync(note) ? readFileSync(note, 'utf8') : null
}

beforeEach(async () => {
  root = await temporaryDirectory('early-bind')
  put('proc/cmdline', 'quiet intel_iommu=on\n')
  put('sys/bus/pci/drivers_probe', '')
  device(GPU.address, '10de', '13f1')
  device(AUDIO.address, '10de', '0fbb')
})

describe('the early-boot script', () => {
  it('claims every function and notes what vfio-pci holds', () => {
    expect(run([GPU.address, AUDIO.address])).toBe(`${GPU.address} vfio-pci\n${AUDIO.address} vfio-pci\n`)
    expect([override(GPU.address), override(AUDIO.address)]).toEqual(['vfio-pci', 'vfio-pci'])
  })

  it('leaves alone a twin that is at the address by now, told by its way through the ports', () => {
    device(GPU.address, '10de', '13f1', '0000:00:02.0')
    expect(run([GPU.address, AUDIO.address])).toBe(`${AUDIO.address} vfio-pci\n`)
    expect(override(GPU.address)).toBe('(null)')
  })

  it('leaves alone an address that now holds another device', () => {
    device(GPU.address, '144d', 'a808')
    expect(run([AUDIO.address])).toBe(`${AUDIO.address} vfio-pci\n`)
    expect(override(GPU.address)).toBe('(null)')
  })

  it('leaves alone a function that a driver holds already', () => {
    put(`sys/bus/pci/devices/${GPU.address}/driver/bind`, '')
    expect(run([AUDIO.address])).toBe(`${AUDIO.address} vfio-pci\n`)
    expect(override(GPU.address)).toBe('(null)')
  })

  it('does nothing at all with passthrough_studio=off', () => {
    put('proc/cmdline', 'quiet passthrough_studio=off intel_iommu=on\n')
    expect(run([GPU.address, AUDIO.address])).toBeNull()
    expect(override(GPU.address)).toBe('(null)')
  })

  it('is not switched off by a longer argument', () => {
    put('proc/cmdline', 'not_passthrough_studio=off\n')
    expect(run([GPU.address, AUDIO.address])).not.toBeNull()
  })

  it('does not note a function that vfio-pci did not take, and has the kernel probe it', () => {
    expect(run([GPU.address])).toBe(`${GPU.address} vfio-pci\n`)
    expect(readFileSync(join(root, 'sys/bus/pci/drivers_probe'), 'utf8').trim()).toBe(AUDIO.address)
  })

  it('does nothing on a machine without these addresses', () => {
    rmSync(join(root, 'sys/bus/pci/devices'), { recursive: true })
    expect(run()).toBeNull()
  })
})
