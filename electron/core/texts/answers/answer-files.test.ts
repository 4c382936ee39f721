import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerDisc } from '#shared/vm/answers/answer-disc.ts'
import { EDITIONS } from '#shared/vm/answers/editions.ts'
import { accountName, imageName } from '#shared/vm/answers/names.ts'
import { type SetupAnswers, setupAnswers } from '#shared/vm/options/answers.ts'
import { answerFiles, answersShown } from './answer-files.ts'
import { ELEMENT_ORDER } from './element-order.fixture.ts'
import { all, type Read, readXml } from './read-xml.fixture.ts'
import { DRIVER_DIRECTORIES, DRIVER_DISC_FILES } from './virtio-win.fixture.ts'

const SECRET = 'bwBwAGUAbgBQAGEAcwBzAHcAbwByAGQA'

function disc(answers: Partial<SetupAnswers> = {}, rest: Partial<Omit<AnswerDisc, 'answers'>> = {}): AnswerDisc {
  return { answers: setupAnswers.parse(answers), windows: 11, layout: 'uefi', drivers: true, ...rest }
}

const KINDS = [10, 11].flatMap((windows) =>
  (['uefi', 'bios'] as const).flatMap((layout) =>
    (['none', 'agent', 'tools'] as const).map(
      (software) => ({ windows: windows === 10 ? 10 : 11, layout, software }) as const,
    ),
  ),
)

function fileOf(of: AnswerDisc, name: string): string {
  return answerFiles(of, SECRET).find((file) => file.name === name)?.text ?? expect.fail(`there is no ${name}`)
}
const setupOf = (of: AnswerDisc) => readXml(fileOf(of, 'autounattend.xml'))
const textsOf = (root: Read, name: string) => all(root, name).map(({ text }) => text)

/** Every element that is not where the schema has it. */
function misplaced(element: Read): string[] {
  const key = element.name === 'component' ? (element.attributes['name'] ?? '') : element.name
  const order = ELEMENT_ORDER[key]
  const names = element.children.map(({ name }) => name)
  const here =
    names.length === 0 || ['unattend', 'settings'].includes(key)
      ? []
      : order === undefined
        ? [`${key} is not in the schema`]
        : names.flatMap((name, index) => {
            const [place, before] = [order.indexOf(name), order.indexOf(names[index - 1] ?? '')]
            return place < 0 || place < before ? [`${key}/${name}`] : []
          })
  return [...here, ...element.children.flatMap(misplaced)]
}

describe('the file that answers Windows’ Setup', () => {
  it.each(KINDS)('has each setting where the schema has it: %o', ({ windows, layout, software }) => {
    const setup = setupOf(disc({ software }, { windows, layout }))
    expect(misplaced(setup)).toEqual([])
    expect(all(setup, 'settings').map(({ attributes }) => attributes['pass'])).toEqual([
      'windowsPE',
      'specialize',
      'oobeSystem',
    ])
  })

  it('names its components as Windows of 64 bits knows them', () => {
    for (const { attributes } of all(setupOf(disc()), 'component'))
      expect(attributes).toMatchObject({
        processorArchitecture: 'amd64',
        publicKeyToken: '31bf3856ad364e35',
        language: 'neutral',
        versionScope: 'nonSxS',
      })
  })

  it('divides the first disk for UEFI with an EFI partition, and installs onto the last', () => {
    const setup = setupOf(disc())
    expect(textsOf(setup, 'Type')).toEqual(['EFI', 'MSR', 'Primary'])
    expect(textsOf(setup, 'Format')).toEqual(['FAT32', 'NTFS'])
    expect(all(setup, 'InstallTo').map((to) => textsOf(to, 'PartitionID'))).toEqual([['3']])
    expect(textsOf(setup, 'Active')).toEqual([])
  })

  it('divides it for BIOS with an active partition, and installs onto the last', () => {
    const setup = setupOf(disc({}, { layout: 'bios', windows: 10 }))
    expect(textsOf(setup, 'Type')).toEqual(['Primary', 'Primary'])
    expect(textsOf(setup, 'Active')).toEqual(['true'])
    expect(all(setup, 'InstallTo').map((to) => textsOf(to, 'PartitionID'))).toEqual([['2']])
  })

  it.each([10, 11] as const)('names drivers for Windows %i where the virtio-win disc has them', (windows) => {
    const paths = all(setupOf(disc({}, { windows })), 'PathAndCredentials').map((one) => textsOf(one, 'Path')[0] ?? '')
    const letters = new Set(paths.map((path) => path.slice(0, 3)))
    expect([...letters]).toEqual(['D:\\', 'E:\\', 'F:\\', 'G:\\', 'H:\\'])
    expect(paths.filter((path) => !DRIVER_DIRECTORIES.has(path.slice(3)))).toEqual([])
    for (const driver of ['viostor', 'vioscsi', 'NetKVM', 'vioserial', 'Balloon'])
      expect(paths).toContain(`E:\\${driver}\\w${windows}\\amd64`)
  })

  it('names no drivers without a disc that has them', () => {
    expect(all(setupOf(disc({}, { drivers: false })), 'PathAndCredentials')).toEqual([])
  })

  it('takes the image of the edition with Microsoft’s key, or one by its name without a key', () => {
    const pro = setupOf(disc())
    expect([textsOf(pro, 'Value')[0], textsOf(all(pro, 'ProductKey')[0] ?? pro, 'Key')]).toEqual([
      'Windows 11 Pro',
      [EDITIONS.pro.key],
    ])
    const own = setupOf(disc({ image: 'Windows 11 Enterprise Evaluation' }))
    expect([textsOf(own, 'Value')[0], textsOf(all(own, 'ProductKey')[0] ?? own, 'Key')]).toEqual([
      'Windows 11 Enterprise Evaluation',
      [],
    ])
  })

  it('logs on by itself once, only where there is something to install', () => {
    expect(textsOf(setupOf(disc()), 'LogonCount')).toEqual(['1'])
    expect(all(setupOf(disc({ software: 'none' })), 'AutoLogon')).toEqual([])
  })

  it('lets Windows 11 go on without a network', () => {
    expect(textsOf(setupOf(disc()), 'Path').join()).toContain('BypassNRO')
    expect(textsOf(setupOf(disc({}, { windows: 10 })), 'Path').join()).not.toContain('BypassNRO')
  })

  it('gives no command more characters than Setup takes', () => {
    const setup = setupOf(disc())
    for (const text of [...textsOf(setup, 'Path'), ...textsOf(setup, 'CommandLine')])
      expect(text.length).toBeLessThan(260)
  })

  it('holds any name as it was typed', () => {
    const typed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    const names = typed.filter((text) => accountName.safeParse(text).success)
    const images = typed.filter((text) => imageName.safeParse(text).success)
    fc.assert(
      fc.property(names, images, (account, image) => {
        const setup = setupOf(disc({ account, image }))
        expect(textsOf(setup, 'Name')).toEqual([account])
        expect(textsOf(setup, 'Username')).toEqual([account])
        expect(textsOf(setup, 'Value')[0]).toBe(image)
      }),
    )
    expect(textsOf(setupOf(disc({ account: `O'Neil & "co" <x>`.replaceAll(/["<>]/gu, '') })), 'Name')).toEqual([
      `O'Neil & co x`,
    ])
  })
})

describe('what else is on the disc', () => {
  it('looks at the disk before Setup divides it, from every letter the disc may have', () => {
    const setup = setupOf(disc())
    const [path = ''] = all(setup, 'RunSynchronousCommand').flatMap((command) => textsOf(command, 'Path'))
    expect(path).toContain('(C D E F G H)')
    expect(path).toContain('empty-disk-only.cmd')
    const guard = fileOf(disc(), 'empty-disk-only.cmd')
    expect(guard.indexOf('uniqueid disk')).toBeLessThan(guard.indexOf(':inuse'))
    expect(guard).toContain('wpeutil.exe shutdown')
  })

  it.each([
    ['agent', 'guest-agent\\qemu-ga-x86_64.msi'],
    ['tools', 'virtio-win-guest-tools.exe'],
  ] as const)('installs the %s from where the virtio-win disc has it', (software, file) => {
    expect(DRIVER_DISC_FILES.has(file)).toBe(true)
    expect(fileOf(disc({ software }), 'first-logon.cmd')).toContain(`if exist "%%d:\\${file}"`)
  })

  it('installs what the admin gave from this disc, and says where it came from', () => {
    const given = disc({ software: 'none', lookingGlass: '/srv/lg.exe', sunshine: '/srv/s.exe' })
    const script = fileOf(given, 'first-logon.cmd')
    expect(script).toContain('"%~dp0looking-glass-host-setup.exe" /S /ivshmem')
    expect(script).toContain('"%~dp0sunshine-setup.exe" /S')
    expect(script).not.toContain('guest-agent')
    expect(textsOf(setupOf(given), 'LogonCount')).toEqual(['1'])
    expect(answersShown(given)).toContain('A copy of /srv/lg.exe')
  })

  it('is scripts whose lines end as cmd.exe wants them', () => {
    for (const name of ['empty-disk-only.cmd', 'first-logon.cmd'])
      expect(fileOf(disc(), name).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u)
  })

  it('is shown without the password', () => {
    expect(textsOf(setupOf(disc()), 'Value').filter((text) => text === SECRET)).toHaveLength(2)
    expect(answersShown(disc())).not.toContain(SECRET)
    expect(answersShown(disc())).toContain('<Value>••••••••</Value>')
  })
})
