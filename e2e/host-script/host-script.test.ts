import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { hostScript } from '#core/texts/host-script/host-script.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { FakeHost, NOTE, OWN, SHELLS } from './fake-host.ts'
import { GPU, SOUND, VM } from './vm.fixture.ts'

const host = async (shell: readonly string[] = ['dash']) => FakeHost.make(await temporaryDirectory('cards'), shell)
const refused = (words: string) => ({ exitCode: 1, said: `host.sh: ${words}\n` })
const GPU_AT = `/sys/devices/pci0000:00/0000:00:01.0/${GPU}`

/** Runs take, which fails with these words, and leaves nothing changed. */
async function refuses(one: FakeHost, words: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const before = await one.state()
  expect(await one.run('take', more)).toEqual(refused(words))
  expect(await one.state()).toEqual({ ...before, ...OWN })
}

describe.each(SHELLS.map((shell) => ({ shell })))('host.sh under $shell', ({ shell }) => {
  it('takes the card from its drivers, boot framebuffer and login screen, and gives all back', async () => {
    const one = await host(shell)
    const before = await one.state()
    expect(await one.run('take')).toEqual({ exitCode: 0, said: '' })
    expect([await one.driverOf(GPU), await one.driverOf(SOUND)]).toEqual(['vfio-pci', 'vfio-pci'])
    expect(await one.text('/dev/vfio/6')).toBe('1000 600\n')
    expect(await one.text('/services/display-manager.service')).toBe('inactive\n')
    expect(one.has('/sys/bus/platform/drivers/efi-framebuffer/efi-framebuffer.0')).toBe(false)
    expect(one.has('/run/passthrough-studio/vms/designer')).toBe(true)
    expect((await one.text(NOTE)).replaceAll(one.root, '').trim().split('\n')).toEqual([
      'service display-manager.service',
      'framebuffer efi-framebuffer.0 efi-framebuffer',
      `function ${SOUND} - snd_hda_intel`,
      `function ${GPU} - bochs-drm`,
      'node /dev/vfio/6 0 600',
      'unit passthrough-studio-awake-designer.service',
    ])
    expect(await one.run('give-back')).toEqual({ exitCode: 0, said: '' })
    expect(await one.state()).toEqual({ ...before, ...OWN })
    expect(await one.run('give-back')).toEqual({ exitCode: 0, said: '' })
  })
})

it('host.sh is not stopped by a program with a file of a node’s name open', async () => {
  const one = await host()
  await one.put('/home/dri/card0', '')
  await one.put('/proc/77/maps', '7f00-7f01 rw-s 0000 00:06 99 /tmp/x /dev/dri/card0')
  await one.link('/proc/77/fd/3', join(one.root, '/home/dri/card0'))
  expect(await one.run('take')).toEqual({ exitCode: 0, said: '' })
})

it('host.sh stops a login screen that waits to be started too', async () => {
  const one = await host()
  await one.put('/services/display-manager.service', 'inactive')
  await one.put('/jobs/display-manager.service', '812')
  expect(await one.run('take')).toEqual({ exitCode: 0, said: '' })
  expect(await one.text(NOTE)).toContain('service display-manager.service')
})

describe('host.sh takes nothing', () => {
  it('from a program that nothing of it stops, and names it', async () => {
    const one = await host()
    await one.put('/proc/912/cgroup', '0::/system.slice/ollama.service')
    await refuses(one, 'The card is in use by Xorg (pid 912), which nothing here stops.')
  })

  it('from a program that mapped it and closed it', async () => {
    const one = await host()
    await one.put('/proc/77/maps', `7f00-7f01 rw-s 0000 00:06 99 ${one.root}/dev/dri/card0`)
    await one.put('/proc/77/comm', 'player')
    await one.put('/proc/77/cgroup', '0::/system.slice/player.service')
    await one.link('/proc/77/map_files/7f00-7f01', join(one.root, '/dev/dri/card0'))
    await refuses(one, 'The card is in use by player (pid 77), which nothing here stops.')
  })

  it('at an address that holds another device, or the same one elsewhere', async () => {
    const other = await host()
    await other.put(`${GPU_AT}/device`, '0x1112')
    await refuses(other, `${GPU} is not the device it was. Apply step 8 again.`)
    const gone = await host()
    await gone.put(`${GPU_AT}/vendor`, '0xffff')
    await refuses(gone, `${GPU} is not the device it was. Apply step 8 again.`)
  })

  it('of another VM, and names that', async () => {
    const one = await host()
    await one.put('/run/passthrough-studio/taken/win', `function ${GPU} - bochs-drm`)
    const before = await one.state()
    expect(await one.run('take')).toEqual(refused(`${GPU} is in the VM "win". Shut that one down first.`))
    expect(await one.state()).toEqual(before)
  })

  it('of a group in which another driver of the host works', async () => {
    const one = await host()
    const mate = '0000:01:00.2'
    await one.addMate(mate, 'snd_hda_intel')
    await refuses(one, `${mate} shares the IOMMU group of ${SOUND} and is on snd_hda_intel. Step 4 says more.`)
  })

  it('with a mounted disk, swap space or the host’s network', async () => {
    const disk = await host()
    await disk.put(`${GPU_AT}/nvme/nvme0/block/nvme0n1/dev`, '254:1')
    await refuses(disk, `A mounted filesystem lies on ${GPU}.`)
    const swap = await host()
    await swap.put(`${GPU_AT}/nvme/nvme0/block/nvme0n1/dev`, '259:9')
    await swap.put('/proc/swaps', `Filename Type\n${swap.root}/dev/nvme0n1 partition`)
    await refuses(swap, `Swap space lies on ${GPU}.`)
    const link = await host()
    await link.put(`${GPU_AT}/net/ens3/ifindex`, '2')
    await refuses(link, `The host's network goes through ens3 of ${GPU}.`)
  })
})

describe('host.sh gives back what it took so far', () => {
  it('where vfio-pci does not take a function', async () => {
    const words = `${SOUND} is not on vfio-pci; journalctl -k says why.`
    await refuses(await host(), words, { REFUSES: 'vfio-pci' })
  })

  it('of an earlier start first', async () => {
    const one = await host()
    const before = await one.state()
    await one.run('take')
    expect(await one.run('take')).toEqual({ exitCode: 0, said: '' })
    expect(await one.run('give-back')).toEqual({ exitCode: 0, said: '' })
    expect(await one.state()).toEqual({ ...before, ...OWN })
  })

  it('without what the kernel hangs on, which is noted and not touched again', async () => {
    const one = await host()
    await writeFile(join(one.root, 'host.sh'), (await one.text('/host.sh')).replace('patience=10', 'patience=2'))
    const { exitCode, said } = await one.run('take', { HANGS: GPU })
    expect(exitCode).toBe(1)
    expect(said).toContain(`The kernel hangs on /sys/bus/pci/devices/${GPU}/driver/unbind. Only a reboot ends that.`)
    expect(said).toContain(`bochs-drm does not let go of ${GPU}.`)
    expect(await one.text(`/run/passthrough-studio/stuck-${GPU}`)).toContain('driver/unbind')
    expect([await one.driverOf(SOUND), await one.text('/services/display-manager.service')]).toEqual([
      'snd_hda_intel',
      'active\n',
    ])
    expect(await one.run('take')).toEqual(refused(`The kernel hangs on ${GPU} since an earlier try. Reboot the host.`))
  })

  it('also where its former driver does not take a function, and says so', async () => {
    const one = await host()
    await one.run('take')
    const { exitCode, said } = await one.run('give-back', { REFUSES: 'bochs-drm' })
    expect([exitCode, said]).toEqual([1, `host.sh: ${GPU} was let go, but bochs-drm did not take it.\n`])
    expect([await one.driverOf(GPU), await one.driverOf(SOUND)]).toEqual(['-', 'snd_hda_intel'])
    expect(one.has(NOTE)).toBe(false)
  })

  it('and ends who still has its group open once the unit is over, but no namesake of it', async () => {
    const one = await host()
    const before = await one.state()
    await one.run('take')
    const [holder, namesake] = [1, 2].map(() => execa('/bin/sleep', ['600'], { reject: false }))
    const [held, named] = [holder, namesake].map((child) => `/proc/${child?.pid}`)
    await one.link(`${held}/fd/7`, join(one.root, '/dev/vfio/6'))
    await one.put(`${held}/comm`, 'holder')
    await one.put(`${held}/real`, '')
    await one.put('/home/vfio/6', '')
    await one.link(`${named}/fd/7`, join(one.root, '/home/vfio/6'))
    expect(await one.run('end')).toEqual({
      exitCode: 0,
      said: `host.sh: holder (pid ${holder?.pid}) has the card open and is ended.\n`,
    })
    expect([holder?.exitCode ?? (await holder)?.signal, namesake?.exitCode]).toEqual(['SIGKILL', null])
    namesake?.kill()
    expect(await one.state()).toMatchObject(before)
  })

  it('but not while a program has the card’s group open', async () => {
    const one = await host()
    await one.run('take')
    await one.link('/proc/913/fd/7', join(one.root, '/dev/vfio/6'))
    expect(await one.run('give-back')).toEqual(refused('The VM is still there; nothing is given back.'))
    expect(await one.driverOf(GPU)).toBe('vfio-pci')
    expect(one.has(NOTE)).toBe(true)
  })
})

describe('the text of host.sh', () => {
  it('passes shellcheck where that is installed', async () => {
    const one = await host()
    const { exitCode, stdout } = await execa('shellcheck', ['--shell=dash', join(one.root, 'host.sh')], {
      reject: false,
    })
    if (exitCode !== undefined) expect(stdout).toBe('')
  })
})

it('host.sh gives no variable of a VM another value: a shell’s functions share them all', () => {
  const script = hostScript(VM)
  const [head = '', rest = ''] = script.split('\nover=no\n')
  const given = [...head.matchAll(/^([a-z_]+)=/gmu)].map(([, name = '']) => name)
  expect(given).toEqual(expect.arrayContaining(['name', 'user', 'place', 'run', 'note', 'functions', 'services']))
  const assigned = [...rest.matchAll(/(?:^|[\s;({])([a-z_]+)=/gmu), ...rest.matchAll(/\bfor ([a-z_]+) in\b/gu)]
  const read = [...rest.matchAll(/\bread -r ([a-z_ ]+)/gu)].flatMap(([, names = '']) => names.split(' '))
  const changed = [...assigned.map(([, one = '']) => one), ...read].filter((one) => given.includes(one))
  expect(changed).toEqual([])
})
