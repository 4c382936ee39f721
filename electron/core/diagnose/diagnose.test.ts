import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { diagnose, MAX_TEXT } from './diagnose.ts'
import { squash } from './normalise.ts'
import { compile } from './pattern.ts'
import { RULES } from './rules/all.ts'
import { SYMPTOMS } from './symptoms.fixture.ts'

let facts: Facts

beforeAll(async () => {
  facts = await factsFrom(simulated())
})

function groupsOf(text: string): string[][] {
  return diagnose(text, facts).groups.map((group) => group.map(({ id }) => id))
}

/** Ways in which the same message reaches a person who asks. */
const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  'upper case': (text) => text.toUpperCase(),
  'curly quotes and dashes': (text) =>
    text
      .replaceAll(/'(\w)/gu, '‘$1')
      .replaceAll("'", '’')
      .replaceAll(/"(\w)/gu, '“$1')
      .replaceAll('"', '”')
      .replaceAll(' -', ' –'),
  'a no-break space for each blank': (text) => text.replaceAll(' ', '\u00a0'),
  'wrapped at 40 columns': (text) => text.replaceAll(/(.{40})/gu, '$1\n'),
  'wrapped between words': (text) => text.replace(/^(.{12}\S*) /u, '$1\n'),
  'a versioned binary before it': (text) => `qemu-system-x86_64-7.2: -device vfio-pci,host=0000:83:00.0: ${text}`,
  'kvm before it': (text) => `kvm: -device vfio-pci,host=83:00.0,id=hostpci0: ${text}`,
  dmesg: (text) => `[12345.678901] ${text}`,
  'the journal': (text) => `Mar 04 05:06:07 ws-07 virtqemud[4711]: ${text}`,
  'ISO time': (text) => `2024-05-06T07:08:09.123456Z qemu-system-x86_64: ${text}`,
  colours: (text) => `\u001b[1;31merror:\u001b[0m ${text}`,
  'quoted in a mail': (text) => `> > ${text}`,
  HTML: (text) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll("'", '&#39;'),
  libvirt: (text) =>
    `error: internal error: qemu unexpectedly closed the monitor: 2024-05-06T07:08:09.123456Z qemu-system-x86_64: ${text}`,
  KubeVirt: (text) =>
    JSON.stringify({ component: 'virt-launcher', level: 'error', msg: text, pos: 'x.go:90', timestamp: 'y' }),
  'KubeVirt around libvirt': (text) =>
    JSON.stringify({
      msg: JSON.stringify({ reason: `internal error: process exited: ${text}\nmore` }),
      component: 'virt-handler',
    }),
  'other addresses, groups and paths': (text) =>
    text
      .replaceAll(/\b(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]\b/gu, '0001:c3:1f.2')
      .replaceAll(/\/dev\/vfio\/\d+/gu, '/dev/vfio/147')
      .replaceAll(/\bgroup \d+/gu, 'group 147')
      .replaceAll(/\/(?:home|usr\/share|boot)\/[^\s:"'`]+/gu, '/srv/other place/file.bin')
      .replaceAll(/0x[0-9a-f]{5,}/gu, '0xfeed0000beef'),
}

test('every rule has one id, and something to search for', () => {
  expect(RULES.map(({ id }) => id).sort()).toEqual(SYMPTOMS.map(([id]) => id).sort())
  for (const { says, words = [], id } of RULES) {
    const leading = [...says, ...words.map(([first = '']) => first)]
    expect(leading.length, id).toBeGreaterThan(0)
    for (const pattern of leading) expect(compile(pattern).anchor.length, pattern).toBeGreaterThanOrEqual(4)
  }
})

test('every rule refers to rules that exist, and none is its own cause', () => {
  const ids = new Set(RULES.map(({ id }) => id))
  const causes = new Map(RULES.map(({ id, after = [] }) => [id, after]))
  const reaches = (from: string, to: string): boolean =>
    (causes.get(from) ?? []).some((id) => id === to || reaches(id, to))
  for (const { id, after = [], refines } of RULES) {
    for (const other of [...after, ...(refines === undefined ? [] : [refines])]) expect(ids, id).toContain(other)
    expect(reaches(id, id), id).toBe(false)
  }
})

describe('a known message is recognised', () => {
  test.each(SYMPTOMS)('%s', (id, text) => {
    const [first, ...others] = groupsOf(text)
    expect(first).toContain(id)
    expect(others).toEqual([])
  })
})

describe('a known message is recognised in other forms', () => {
  test.each(Object.entries(DISGUISES))('%s', (_name, disguise) => {
    const lost = SYMPTOMS.filter(([id, text]) => groupsOf(disguise(text))[0]?.includes(id) !== true)
    expect(lost.map(([id, text]) => [id, disguise(text)])).toEqual([])
  })

  test('any two at once', () => {
    const all = Object.entries(DISGUISES)
    // A line cut in the middle of an escape sequence is no message any more.
    const outermost = all.filter(([name]) => name !== 'wrapped at 40 columns')
    const some = fc.tuple(fc.constantFrom(...SYMPTOMS), fc.constantFrom(...all), fc.constantFrom(...outermost))
    fc.assert(
      fc.property(some, ([[id, text], [, inner], [, outer]]) =>
        groupsOf(outer(inner(text)))
          .flat()
          .includes(id),
      ),
      { numRuns: 600 },
    )
  })
})

describe('diagnosis of an ordinary log', async () => {
  const directory = join(import.meta.dirname, '../../../e2e/hosts/logs')
  for (const name of await readdir(directory)) {
    test(`finds no fault in ${name}`, async () => {
      const { groups } = diagnose(await readFile(join(directory, name), 'utf8'), facts)
      expect(groups.flat().filter(({ severity }) => severity !== 'info')).toEqual([])
    })
  }
})

test('recognises the hook that hangs only where the boot did not go on', () => {
  const hook = '[    3.4] systemd[1]: Starting dracut pre-udev hook...\n'
  expect(groupsOf(hook)).toEqual([['initramfs-stuck-pre-udev']])
  expect(groupsOf(`${hook}[    3.5] systemd[1]: Finished dracut pre-udev hook.\n`)).toEqual([])
})

test('never throws, whatever the text', () => {
  const shape = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(fc.constantFrom('\\', '"', '{', 'u00', '\u001b[', '\n', 'group ', 'vfio', '’', '> '))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(shape, (text) => Array.isArray(diagnose(text, facts).groups)),
    { numRuns: 2000 },
  )
})

test('finds a failure among unrelated lines', async () => {
  const directory = join(import.meta.dirname, '../../../e2e/hosts/logs')
  const ordinary = (
    await Promise.all(
      ['intel-desktop.txt', 'amd-desktop.txt', 'laptop.txt'].map((name) => readFile(join(directory, name), 'utf8')),
    )
  )
    .join('\n')
    .split('\n')
  // These tell that the boot went on, so they do have to do with a boot that hangs.
  const unrelated = ordinary.filter((line) => !/Rule-based|Switching root|dracut/u.test(line))
  const noise = fc.array(fc.oneof(fc.constantFrom(...unrelated), fc.string({ maxLength: 80 })), { maxLength: 30 })
  const chosen = fc.uniqueArray(fc.constantFrom(...SYMPTOMS), { minLength: 1, maxLength: 5, selector: ([id]) => id })
  fc.assert(
    fc.property(chosen, fc.array(noise, { minLength: 6, maxLength: 6 }), (symptoms, gaps) => {
      const text = symptoms
        .flatMap(([, symptom], index) => [...(gaps[index] ?? []), symptom])
        .concat(gaps[5] ?? [])
        .join('\n')
      const found = groupsOf(text).flat()
      return symptoms.every(([id]) => found.includes(id))
    }),
    { numRuns: 300 },
  )
})

test('says nothing where nothing is known', () => {
  expect(diagnose('', facts)).toEqual({ note: null, groups: [] })
  expect(groupsOf('the weather is fine\nand the kernel too')).toEqual([])
})

test('reads a text of more than 10 MB from its end, and says so', () => {
  const filler = 'an ordinary line\n'.repeat(Math.ceil(MAX_TEXT / 17) + 10)
  const { note, groups } = diagnose(`no such host device\n${filler}group 5 is not viable\n`, facts)
  expect(note).toBe('Only the last 10 MB were read.')
  expect(groups.flat().map(({ id }) => id)).toEqual(['group-not-viable'])
})

test('quotes a line as it was read, and of a long one the part that matters', () => {
  const line = (text: string) => diagnose(text, facts).groups[0]?.[0]?.line
  expect(line('\u001b[31m[  1.234567] kvm: disabled by bios\u001b[0m')).toBe('[  1.234567] kvm: disabled by bios')
  const long = line(`2024-05-06T07:08:09Z ${'x y '.repeat(2000)} vfio: group 5 is not viable ${'z '.repeat(2000)}`)
  expect(long).toContain('group 5 is not viable')
  expect(long?.length).toBeLessThan(310)
  expect(long).toMatch(/^….*…$/u)
})

describe('diagnosis of several failures', () => {
  const KERNEL = 'vfio-pci 0000:04:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting'
  const QEMU =
    'qemu-kvm: -device vfio-pci,host=04:00.0: vfio 0000:04:00.0: Failed to set group container: Invalid argument'
  const LIBVIRT = "error: unsupported configuration: host doesn't support passthrough of host PCI devices"

  test('puts a cause before its consequence in one group, in whatever order they were logged', () => {
    for (const text of [`${KERNEL}\n${QEMU}`, `${QEMU}\n${KERNEL}`])
      expect(groupsOf(text)).toEqual([['iommu-1to1-required', 'iommu-group-einval']])
  })

  test('puts the kernel before QEMU before libvirt', () => {
    const other = "qemu-kvm: No 'PCI' bus found for device 'vfio-pci'"
    expect(groupsOf(`${LIBVIRT}\n${other}\n${KERNEL}`).flat()).toEqual([
      'iommu-1to1-required',
      'vfio-no-pci-bus',
      'libvirt-host-no-passthrough',
    ])
  })

  test('puts no information above a fault, and no warning above a blocker', () => {
    const text =
      "x2apic: IRQ remapping doesn't support X2APIC mode\nInvalid PCI ROM header signature: expecting 0xaa55, got 0xffff\ngtk initialization failed"
    expect(groupsOf(text)).toEqual([['qemu-gtk'], ['rom-bad-signature'], ['iommu-x2apic-info']])
  })

  test('groups a chain of three into one fault', () => {
    const text =
      "Unknown PCI header type '127'\nnot ready 1023ms after FLR; waiting\nnot ready 65535ms after FLR; giving up"
    expect(groupsOf(text)).toEqual([['reset-flr-wait', 'reset-65s-giving-up', 'reset-header-127']])
  })
})

test('ignores blanks, quotes, case and typography', () => {
  expect(squash('Can’t  “Open”\u00a0ﬁle …')).toBe(squash('can\'t "open" file ...'))
})
