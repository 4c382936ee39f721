import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listText } from '#shared/base/number-list.ts'
import type { LogicalCpu } from '#shared/facts/compute/processors.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import type { Choice } from '../topic.ts'
import { cachesOf, coresOf } from './cores.ts'
import { cardIn, factsWith, MODELS, processorsOf } from './hosts.fixture.ts'
import { decidePinning } from './pinning.ts'
import { chooseProcessors } from './processors.ts'
import { placeInWords, sizeInWords } from './words.ts'

const LINUX = { ...DEFAULT_CHOICES.definition, profile: 'linux' } as const

function choose(cpus: readonly LogicalCpu[], choice: Partial<Choice> = {}, node: number | null = null) {
  const asked = { ...LINUX, ...choice }
  const chosen = chooseProcessors(factsWith(cpus), asked, cardIn(node))
  const pinning = decidePinning(asked, chosen)
  const place = placeInWords(asked, chosen, pinning.value)
  return { chosen, pinning: pinning.value, why: pinning.reason, place, size: sizeInWords(asked, chosen) }
}

describe('the processors of a VM on', () => {
  it.each([
    [
      'i9-13900K',
      0,
      '2-15',
      '0-1,16-31',
      '7 whole cores, all of the faster kind; QEMU’s own threads keep to 0-1,16-31.',
      '7 of 24 cores, all of the faster kind, 2 threads each as on the host; 17 stay with the host.',
    ],
    [
      'Ryzen 9 7950X3D',
      0,
      '8-15,24-31',
      '0-7,16-23',
      '8 whole cores, all on one last-level cache; QEMU’s own threads keep to 0-7,16-23.',
      '8 of 16 cores, all on one last-level cache, 2 threads each as on the host; 8 stay with the host.',
    ],
    [
      'two Xeon Gold 6226R',
      1,
      '17-31,49-63',
      '16,48',
      '15 whole cores, of NUMA node 1, where the card is; QEMU’s own threads keep to 16,48.',
      '15 of 32 cores, of NUMA node 1, where the card is, 2 threads each as on the host; 17 stay with the host.',
    ],
    [
      'Ryzen 7 5700U',
      0,
      '4-7,12-15',
      '0-3,8-11',
      '4 whole cores, all on one last-level cache; QEMU’s own threads keep to 0-3,8-11.',
      '4 of 8 cores, all on one last-level cache, 2 threads each as on the host; 4 stay with the host.',
    ],
    [
      'Ryzen 5 5600G',
      0,
      '2-5,8-11',
      '0-1,6-7',
      '4 whole cores; QEMU’s own threads keep to 0-1,6-7.',
      '4 of 6 cores, 2 threads each as on the host; 2 stay with the host.',
    ],
  ] as const)('%s with a card in node %i are %s, QEMU’s own threads on %s', (model, node, vcpus, own, place, size) => {
    const found = choose(MODELS[model], {}, node)
    expect(found.place).toEqual({ value: vcpus, reason: place })
    expect(listText(found.pinning?.emulator ?? [])).toBe(own)
    expect(found.size.reason).toBe(size)
  })

  it('i9-13900K are all performance cores where that many were asked for, and then both kinds', () => {
    const cpus = MODELS['i9-13900K']
    expect(choose(cpus, { vcpus: 16 }).place.value).toBe('0-15')
    expect(choose(cpus, { vcpus: 20 }).size.value).toEqual({ cores: 20, threads: 1 })
    expect(choose(cpus, { vcpus: 24 }).place).toEqual({ value: '', reason: 'They are not pinned.' })
  })

  it('Ryzen 9 7950X3D begin with the whole cache where one is not enough', () => {
    const cpus = MODELS['Ryzen 9 7950X3D']
    expect(choose(cpus, { vcpus: 8 }).place.value).toBe('8-11,24-27')
    const { pinning } = choose(cpus, { vcpus: 20 })
    expect(pinning?.vcpus.slice(0, 16)).toEqual([8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31])
    expect(listText(pinning?.vcpus.slice(16) ?? [])).toBe('1-2,17-18')
  })

  it('two sockets are of the card’s node, of both only where one has too few', () => {
    const cpus = MODELS['two Xeon Gold 6226R']
    const near = choose(cpus, {}, 0).pinning
    expect(near?.emulator).toEqual([0, 32])
    expect(listText(near?.others ?? [])).toBe('0,16-32,48-63')
    expect(listText(choose(cpus, { vcpus: 32 }, 1).pinning?.vcpus ?? [])).toBe('16-31,48-63')
    expect(choose(cpus, { vcpus: 40 }, 1).pinning?.vcpus).toHaveLength(40)
  })
})

describe('processors that the admin names', () => {
  const cpus = MODELS['Ryzen 9 7950X3D']

  it('are taken as they are, with as many of their threads as were named', () => {
    expect(choose(cpus, { processors: '0-3,16-19' })).toMatchObject({
      pinning: { vcpus: [0, 16, 1, 17, 2, 18, 3, 19] },
      place: { value: '0-3,16-19', reason: '4 whole cores, as you chose; QEMU’s own threads keep to 4-15,20-31.' },
    })
    const { size, pinning } = choose(cpus, { processors: '1-4' })
    expect(size.value).toEqual({ cores: 4, threads: 1 })
    // Their other threads are nobody's, so that nothing gets into the guest's way.
    expect(listText(pinning?.emulator ?? [])).toBe('0,5-16,21-31')
    expect(choose(cpus, { processors: '1-4,17-20', vcpus: 4 }).pinning?.vcpus).toEqual([1, 17, 2, 18])
  })

  it('are refused with a reason where the host has them not, or would be left with none', () => {
    const problem = (choice: Partial<Choice>) => choose(cpus, choice).chosen.problem
    expect(problem({ processors: '1-4' })).toBeNull()
    expect(problem({ processors: '4,40-41' })).toBe('This host has no processor 40-41, or it is switched off.')
    expect(problem({ processors: '0-31' })).toBe('One core has to stay with the host.')
    expect(problem({ processors: '1-2', vcpus: 8 })).toBe('They are fewer cores than the VM is to have.')
  })
})

describe('pinning', () => {
  it('is off where it makes no sense, unless it is chosen and a core stays with the host', () => {
    const two = processorsOf([{ count: 2, threads: 2, cache: 0 }], 'by thread')
    expect(choose(two)).toMatchObject({ pinning: null, why: 'This host has 2 cores; pinning pays from 4.' })
    expect(choose(two, { vcpus: 2, pin: true }).pinning).toEqual({ vcpus: [1, 3], emulator: [0, 2], others: [0, 2] })
    expect(choose(two, { vcpus: 4, pin: true })).toMatchObject({
      pinning: null,
      why: '2 of 2 cores cannot be set apart: one has to stay with the host.',
    })
    expect(choose(MODELS['Ryzen 5 5600G'], { pin: false })).toMatchObject({ pinning: null, why: 'As you chose.' })
    expect(choose([], { pin: true }).pinning).toBeNull()
  })
})

describe('the number of processors', () => {
  const alike = (cores: number) => processorsOf([{ count: cores, threads: 2, cache: 0 }], 'by thread')

  it('leaves the host two cores, a small one one, and never comes to none', () => {
    expect(choose(alike(14)).size).toEqual({
      value: { cores: 12, threads: 2 },
      reason: '12 of 14 cores, 2 threads each as on the host; 2 stay with the host.',
    })
    expect(choose(alike(4)).size.value).toEqual({ cores: 3, threads: 2 })
    expect(choose(alike(1)).size.value).toEqual({ cores: 1, threads: 2 })
  })

  it('follows a chosen number, in pairs where it is even', () => {
    expect(choose(alike(8), { vcpus: 6 }).size.value).toEqual({ cores: 3, threads: 2 })
    expect(choose(alike(8), { vcpus: 5 }).size.value).toEqual({ cores: 5, threads: 1 })
  })

  it('is all but two where it is not known which of them share a core', () => {
    const facts = { ...factsWith(alike(4)), topology: { unknown: 'hidden' } }
    expect(chooseProcessors(facts, LINUX, cardIn(0)).size).toEqual({ cores: 6, threads: 1 })
  })
})

const group = fc.record({
  count: fc.integer({ min: 1, max: 8 }),
  threads: fc.constantFrom(1, 2),
  cache: fc.integer({ min: 0, max: 3 }),
  node: fc.integer({ min: 0, max: 1 }),
  kind: fc.constantFrom(null, 'performance' as const, 'efficiency' as const),
})
/** Any host, with some of its processors switched off. */
const anyHost = fc
  .tuple(fc.array(group, { minLength: 1, maxLength: 5 }), fc.constantFrom('by core', 'by thread'), fc.nat(), fc.nat())
  .map(([groups, numbered, ...off]) => {
    const all = processorsOf(groups, numbered)
    const gone = off.map((at) => all[at % all.length]?.id)
    return all.filter(({ id }) => all.length < 3 || !gone.includes(id))
  })
const anyAsked = fc.record({
  vcpus: fc.option(fc.integer({ min: 1, max: 40 })),
  pin: fc.constantFrom(null, true),
  processors: fc.option(fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 20 }).map(listText)),
})

describe('whatever is asked of whatever host', () => {
  it('a pinned VM has processors that are on, each once, as many as it shows, and not all cores', () => {
    fc.assert(
      fc.property(anyHost, anyAsked, fc.constantFrom(null, 0, 1), (cpus, asked, node) => {
        const { pinning, size } = choose(cpus, asked, node)
        if (pinning === null) return
        const online = cpus.map(({ id }) => id)
        expect(online).toEqual(expect.arrayContaining(pinning.vcpus))
        expect(new Set(pinning.vcpus).size).toBe(size.value.cores * size.value.threads)
        expect(pinning.vcpus).toHaveLength(size.value.cores * size.value.threads)
        if (asked.vcpus !== null) expect(pinning.vcpus).toHaveLength(asked.vcpus)
        const free = coresOf(cpus).filter((core) => !core.some(({ id }) => pinning.vcpus.includes(id)))
        expect(free.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  it('a core of the guest is one of the host, on which nothing else of QEMU or the host runs', () => {
    fc.assert(
      fc.property(anyHost, anyAsked, fc.constantFrom(null, 0, 1), (cpus, asked, node) => {
        const { pinning, size } = choose(cpus, asked, node)
        if (pinning === null) return
        const coreOf = (id: number) => cpus.find((cpu) => cpu.id === id)?.core
        const { threads } = size.value
        const guest = pinning.vcpus.map(coreOf)
        const cores = guest.filter((_, at) => at % threads === 0)
        expect(guest).toEqual(cores.flatMap((core) => Array.from({ length: threads }, () => core)))
        expect(new Set(cores).size).toBe(cores.length)
        const others = pinning.others ?? []
        expect(pinning.emulator.length).toBeGreaterThan(0)
        expect(others).toEqual(expect.arrayContaining(pinning.emulator))
        for (const id of others) expect(guest).not.toContain(coreOf(id))
      }),
      { numRuns: 500 },
    )
  })

  it('no second cache, node or kind is used where one has enough', () => {
    fc.assert(
      fc.property(anyHost, fc.integer({ min: 1, max: 12 }), (cpus, vcpus) => {
        const { chosen } = choose(cpus, { vcpus, pin: true })
        const { size, cores, pools } = chosen
        const enough = pools.fast.filter((core) => core.length >= size.threads).length >= size.cores
        if (cores.length > 0 && enough) expect(pools.fast).toEqual(expect.arrayContaining([...cores]))
        const fits = pools.fast.filter((core) => core.length >= size.threads && core !== pools.all[0])
        const oneIsEnough = cachesOf(fits).some((cache) => cache.length >= size.cores)
        if (cores.length > 0 && oneIsEnough) expect(cachesOf(cores)).toHaveLength(1)
      }),
      { numRuns: 300 },
    )
  })
})
