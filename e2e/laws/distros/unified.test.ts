import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { dracutCmdline } from '#core/texts/boot/unified-texts.ts'
import { archUki } from '#e2e/hosts/distros/arch.ts'
import { type Distro, machineOf } from '#e2e/hosts/distros/base.ts'
import { debianDracutUki, debianUki } from '#e2e/hosts/distros/debian.ts'
import { Executor } from '#helper/executor.ts'
import { recordingOf } from '#host/simulated/description.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { parseUnifiedImage, UNIFIED_IMAGE } from '#shared/facts/boot/unified-image.ts'
import { parseKernelArgs } from '#shared/facts/kernel-args.ts'

const start = (distro: Distro, files: Readonly<Record<string, string>> = {}): SimulatedHost =>
  new SimulatedHost(recordingOf(machineOf({ ...distro, files: { ...distro.files, ...files } })))
const boot = async (host: SimulatedHost) => stepView(await factsFrom(host), 'boot')
const apply = async (host: SimulatedHost) => new Executor(host, 0, () => undefined).apply((await boot(host)).plan)

/** The distribution's images with a signature, as sbctl leaves them. */
function signed({ files }: Distro): Record<string, string> {
  const images = Object.entries(files).filter(([path]) => UNIFIED_IMAGE.test(path))
  return Object.fromEntries(images.map(([path, text]) => [path, text.replace('"signed":false', '"signed":true')]))
}

const SIGNERS: readonly (readonly [Distro, Record<string, string>])[] = [
  [archUki, { '/usr/lib/initcpio/post/sbctl': '#!/bin/bash\n' }],
  [debianUki, { '/usr/lib/kernel/install.d/91-sbctl.install': '#!/bin/bash\n' }],
  [debianDracutUki, { '/etc/dracut.conf.d/sign.conf': 'uefi_secureboot_key="/root/db.key"\n' }],
]

describe('a signed unified kernel image', () => {
  it.each(SIGNERS.map(([distro, hook]) => [distro.name, distro, hook] as const))(
    'stays signed where the tool signs what it builds: %s',
    async (_name, distro, hook) => {
      const host = start(distro, { ...signed(distro), ...hook })
      await apply(host)
      const changed = [...host.tree()].filter(([path]) => UNIFIED_IMAGE.test(path))
      expect(changed.length).toBeGreaterThan(0)
      for (const [path, text] of changed) expect(parseUnifiedImage(text ?? ''), path).toMatchObject({ signed: true })
      await new Executor(host, 0, () => undefined).undo({ kind: 'all' })
      expect([...host.tree().keys()]).toEqual([])
    },
  )

  it.each(SIGNERS.map(([distro]) => [distro.name, distro] as const))(
    'is put back where the tool leaves it unsigned: %s',
    async (_name, distro) => {
      const host = start(distro, signed(distro))
      await expect(apply(host)).rejects.toThrow('signed for Secure Boot')
      expect([...host.tree().keys()]).toEqual([])
    },
  )
})

describe('the command line in a unified kernel image', () => {
  it('that does not get what was written has everything put back', async () => {
    const later = { '/etc/dracut.conf.d/zzz.conf': 'kernel_cmdline="root=/dev/sda1"\n' }
    const host = start(debianDracutUki, later)
    await expect(apply(host)).rejects.toThrow('its command line lacks intel_iommu=on')
    expect([...host.tree().keys()]).toEqual([])
  })

  it('is left alone where nothing known here makes the image, and step 3 says who would', async () => {
    const host = start(archUki, { '/etc/mkinitcpio.d/linux.preset': "PRESETS=('default')\n" })
    const { plan, findings } = await boot(host)
    expect(plan.changes).toEqual([])
    expect(findings.find(({ code }) => code === 'boot-loader')).toMatchObject({
      status: 'fail',
      fix: { text: expect.stringContaining('Add intel_iommu=on') as string },
    })
  })
})

describe('the rescue entry for a unified kernel image', () => {
  const SECURE = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
  const rescue = async (host: SimulatedHost) => (await boot(host)).findings.find(({ code }) => code === 'boot-rescue')

  it('starts the same image with the arguments of before', async () => {
    const host = start(archUki)
    await apply(host)
    expect(host.tree().get('/efi/loader/entries/passthrough-studio-rescue.conf')?.split('\n').slice(1)).toEqual([
      'title Arch Linux (rescue, without Passthrough Studio)',
      'sort-key zz-passthrough-studio',
      'efi /EFI/Linux/arch-linux.efi',
      expect.stringMatching(/^options root=\S+ rw quiet passthrough_studio=off$/u) as string,
      '',
    ])
  })

  it('is none with Secure Boot, under which the image takes no arguments', async () => {
    const host = start(archUki, { [SECURE]: '\u0006\0\0\0\u0001' })
    await apply(host)
    expect(await rescue(host)).toMatchObject({ status: 'warn', text: expect.stringContaining('Secure Boot') as string })
    expect([...host.tree().keys()].filter((path) => path.includes('rescue'))).toEqual([])
  })
})

describe('dracut’s setting of the command line', () => {
  /** What bash, which reads dracut's configuration, has in the variable behind both files. */
  async function read(theirs: string, ours: string): Promise<readonly string[]> {
    const directory = await temporaryDirectory('dracut')
    await writeFile(join(directory, 'theirs'), theirs)
    await writeFile(join(directory, 'ours'), ours)
    const script = '. "$1/theirs"; . "$1/ours"; printf %s "$kernel_cmdline"'
    const { stdout } = await execa('bash', ['-e', '-c', script, 'bash', directory])
    return parseKernelArgs(stdout)
  }

  it('adds to what another file says, and takes words out as often as they stand there', async () => {
    const theirs = 'kernel_cmdline="iommu=off ro iommu=off xiommu=off"\nkernel_cmdline+=" quiet "\n'
    const ours = dracutCmdline('', null, { add: ['intel_iommu=on'], remove: ['iommu=off'] }) ?? ''
    expect(await read(theirs, ours)).toEqual(['ro', 'xiommu=off', 'quiet', 'intel_iommu=on'])
  })

  it('keeps what it added and took out before', () => {
    const first = dracutCmdline('', null, { add: ['iommu=pt'], remove: ['nomodeset'] }) ?? ''
    const second = dracutCmdline(first, null, { add: ['intel_iommu=on'], remove: ['iommu=off'] })
    const both = { add: ['iommu=pt', 'intel_iommu=on'] as const, remove: ['nomodeset', 'iommu=off'] }
    expect(second).toBe(dracutCmdline('', null, both))
  })

  it('names every word of the image where nobody sets any, whatever bash would make of it', async () => {
    const word = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 })
      .filter((text) => !/[\s"']/u.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (words) => {
        const ours = dracutCmdline(`options ${words.join(' ')}\n`, '/efi/EFI/Linux/x.efi', {
          add: ['iommu=pt'],
          remove: [],
        })
        expect(await read('', ours ?? '')).toEqual([...words, 'iommu=pt'])
      }),
      { numRuns: 40 },
    )
  })

  it('is not written where bash would take it for something else', () => {
    const edit = { add: ['iommu=pt'] as const, remove: [] }
    expect(dracutCmdline("options root='a b'\n", '/efi/EFI/Linux/x.efi', edit)).toBeNull()
  })
})
