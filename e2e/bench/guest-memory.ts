import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { flatten, vmArguments } from '#core/definition/qemu/argv.ts'
import { makePlace } from '#host/temporary-place.ts'
import { withQmp } from '#vm/qmp/client.ts'
import { untilAnswers } from '../qemu/until-answers.ts'
import { defined, realQemu, workstation } from '../qemu/workstation.ts'
import type { Line } from './lines.ts'

const LIMIT_MS = 120_000
const SIZE_MIB = 512
/** QEMU itself has a little that is no memory of the guest. */
const MOST = 0.9
const THP = '/sys/kernel/mm/transparent_hugepage/enabled'
/** What every guest's memory was before. */
const AS_FILE = ['-machine', 'memory-backend=ram', '-object', `memory-backend-memfd,id=ram,size=${SIZE_MIB}M,share=on`]

/** How much of the guest's memory lies in transparent huge pages once all of it is there, as VFIO has it at a start. */
export async function guestMemory(): Promise<Line[]> {
  const allowed = await readFile(THP, 'utf8')
  if (allowed.includes('[never]')) throw new Error(`this kernel gives none: ${THP} is ${allowed.trim()}`)
  const qemu = await realQemu()
  const choice = { profile: 'linux', memoryMiB: SIZE_MIB, vcpus: 2, bios: true, screen: false, spice: false } as const
  const definition = { ...defined(await workstation(qemu), choice), disk: null }
  const measure = async (more: readonly string[]) => {
    const place = await makePlace(null)
    try {
      return await hugeMiB(flatten(vmArguments(definition, qemu, false, place.directory)), more, place.directory)
    } finally {
      await place.remove()
    }
  }
  const [ours, theirs] = [await measure([]), await measure(AS_FILE)]
  return [
    {
      what: `a guest’s memory in transparent huge pages (${SIZE_MIB} MiB, all of it touched)`,
      ours: `${ours} MiB`,
      theirs: `${theirs} MiB as memfd, share=on`,
      ratio: null,
      target: `> ${MOST * 100} %`,
      met: ours > MOST * SIZE_MIB,
    },
  ]
}

/** Anonymous and shared huge pages of a QEMU that was told to touch all of its memory, in MiB (proc_pid_smaps(5)). */
async function hugeMiB(argv: readonly string[], more: readonly string[], run: string): Promise<number> {
  const plain = argv.map((word) => word.replace('accel=kvm', 'accel=tcg').replace(/^host(?=,|$)/u, 'max'))
  const qemu = execa('qemu-system-x86_64', [...plain, ...more, '-mem-prealloc'], { reject: false, timeout: LIMIT_MS })
  const qmp = join(run, 'qmp.sock')
  if (!(await untilAnswers(qmp, () => qemu.exitCode !== null)))
    throw new Error(`QEMU did not start: ${(await qemu).stderr}`)
  const texts = await withQmp(qmp, LIMIT_MS, async (client) => {
    const text = await readFile(`/proc/${qemu.pid}/smaps_rollup`, 'utf8')
    await client.command('quit')
    return text
  })
  const kilobytes = [...texts.matchAll(/^(?:AnonHugePages|ShmemPmdMapped):\s+(\d+)/gmu)].map((match) =>
    Number(match[1]),
  )
  return Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / 1024)
}
