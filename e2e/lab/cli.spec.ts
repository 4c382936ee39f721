import { expect, test } from '@playwright/test'
import { bundleGuest } from './guest-bundle.ts'
import { earlyBoot } from './matrix/matrix.ts'
import { Notes } from './notes.ts'
import { runInLab } from './run.ts'

const FREE = ['bochs-drm', 'snd_hda_intel']
const BOUND = ['vfio-pci', 'vfio-pci']

test('nine steps are applied by command line on a real kernel, and undone to the last byte', async () => {
  const script = await bundleGuest('cli-scenario')
  const run = await runInLab('cli', `exec node ${script} "$1"\n`)
  expect(run.exitCode, run.log).toBe(0)
  const notes = await Notes.of(run.share)

  await test.step('the machine starts with its IOMMU off and the card with the host', async () => {
    expect(notes.drivers('boot 1')).toMatchObject({ drivers: FREE, groups: 0 })
    expect(notes.verb('doctor').stdout).toContain('the kernel leaves it off by intel_iommu=off on its command line')
    expect(notes.verb('doctor').exitCode).toBe(1)
  })

  await test.step('step 3 changes the real boot menu and initramfs, and the reboot proves it', async () => {
    expect(notes.verb('apply kernel')).toMatchObject({ exitCode: 0 })
    expect(notes.verb('apply boot')).toMatchObject({ exitCode: 0 })
    expect(notes.verb('apply boot').stdout).toContain('after reboot')
    // The image was made with intel_iommu=off, which step 3 takes out.
    expect(notes.drivers('boot 2').cmdline).toMatch(/ intel_iommu=on$/u)
    expect(notes.drivers('boot 2').cmdline).not.toContain('intel_iommu=off')
    expect(notes.drivers('boot 2').groups).toBeGreaterThan(3)
    expect(notes.verb('doctor', 1).stdout).toContain('step 3 is proven')
  })

  await test.step('undo restores everything after a kill in the middle of step 5', async () => {
    expect(notes.value('killed')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('The helper ended before it was done'),
    })
    expect(notes.drivers('after the kill').drivers).toEqual(BOUND)
    expect(notes.verb('doctor', 2).stdout).toContain('This step was interrupted in the middle')
    expect(notes.verb('undo --last')).toMatchObject({ exitCode: 0 })
    expect(notes.drivers('after undo of the killed step').drivers).toEqual(FREE)
    expect(notes.differences('undone after the kill')).toEqual([])
  })

  await test.step('step 5 moves both functions to vfio-pci', async () => {
    expect(notes.verb('apply bind --confirm 01:00.0')).toMatchObject({ exitCode: 0 })
    expect(notes.drivers('bound').drivers).toEqual(BOUND)
  })

  await test.step('at the next boot vfio-pci has the card before the root filesystem is mounted', () => {
    expect(notes.drivers('boot 3').drivers).toEqual(BOUND)
    const { early, firstMessage, rootMounted } = earlyBoot(notes, 3)
    expect(early).toBe('0000:01:00.0 vfio-pci\n0000:01:00.1 vfio-pci\n')
    expect(firstMessage('vfio-pci 0000:01:00.0')).toBeLessThan(rootMounted)
  })

  await test.step('the guest reports the card by vendor, device and class, through its agent', async () => {
    expect(notes.verb('apply definition --choice {"memoryMiB":256,"screen":false}')).toMatchObject({ exitCode: 0 })
    const proof = notes.verb('vm prove --json')
    expect(proof, proof.stderr).toMatchObject({ exitCode: 0 })
    const { report } = JSON.parse(proof.stdout) as {
      report: { source: string; functions: { vendorId: string; deviceId: string; classId: string }[] }
    }
    expect(report.source).toBe('agent')
    const seen = report.functions.map(({ vendorId, deviceId, classId }) => `${vendorId}:${deviceId} ${classId}`)
    expect(seen).toContain('1234:1111 030000')
    expect(seen).toContain('8086:2668 040300')
    console.log(`PROOF (command line): a guest on emulated devices saw ${seen.join(', ')}`)
  })

  await test.step('the rescue script and a reboot leave files and drivers as they were', async () => {
    expect(notes.verb('rescue')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(notes.differences('files after the rescue')).toEqual([])
    expect(notes.drivers('boot 4')).toMatchObject({ drivers: FREE, groups: 0 })
    expect(notes.differences('after everything')).toEqual([])
  })
})
