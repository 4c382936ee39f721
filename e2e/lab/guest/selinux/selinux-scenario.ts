import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { vmUnit } from '#shared/vm/vm.ts'
import { ANSWERS } from '../designer.ts'
import { note } from '../evidence.ts'
import { allowAll, compare, DARK, remember, reservedNow, studio } from '../verbs.ts'

const UNIT = vmUnit('designer')

/** What SELinux has refused since the machine started, in the kernel's words. */
async function denials(): Promise<string[]> {
  const { stdout } = await execa('journalctl', ['--boot', '--no-pager', '--output=cat'])
  return stdout.split('\n').filter((line) => line.startsWith('AVC ') && line.includes('denied  {'))
}

/** Path and label of everything below these directories. */
async function labels(...directories: string[]): Promise<string[]> {
  const { stdout } = await execa('find', [...directories, '-printf', '%p %Z\\n'], { reject: false })
  return stdout.split('\n').filter((line) => line !== '')
}

const everything = () => labels('/etc', '/boot')
const without = (lines: readonly string[], others: readonly string[]) => lines.filter((line) => !others.includes(line))

/** Labels of the processes of the VM: its script, and QEMU. */
async function processes(): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'label,args'])
  return stdout.split('\n').filter((line) => line.includes('guest=designer') || line.includes('start-vm.sh'))
}

/** The lab's own rule of polkit's, which is written here as nobody labels it. */
async function allowAllLabelled(): Promise<void> {
  await allowAll()
  await execa('restorecon', ['-F', ANSWERS])
}

/** All but step 3: with this policy update-initramfs fails, see ADR 28. */
async function steps(): Promise<void> {
  await studio('apply', 'kernel')
  await studio('plan', 'cards', '--choice', reservedNow('0000:01:00.0'))
  await studio('apply', 'bind', '--confirm', '01:00.0')
  await studio('apply', 'definition', '--choice', JSON.stringify({ memoryMiB: 256, ...DARK }))
}

async function scenario(): Promise<void> {
  await note('mode', (await readFile('/sys/fs/selinux/enforce', 'utf8')).trim())
  await note('as', (await readFile('/proc/self/attr/current', 'utf8')).replace('\0', ''))
  await execa('update-grub')
  await allowAllLabelled()
  await remember()
  const [before, refused] = [await everything(), await denials()]
  await steps()
  const during = await everything()
  await note('made', without(during, before))
  await note('as the policy says', (await execa('restorecon', ['-rnvF', ...pathsOf(without(during, before))])).stdout)
  await note('proved', (await studio('vm', 'prove', '--json')).stdout)
  // By the rule that step 8 wrote: the lab's own answers no more.
  await execa('rm', [ANSWERS])
  await note('started', await asDesigner('start'))
  await note('processes', await processes())
  await note('stopped', await asDesigner('stop'))
  await allowAllLabelled()
  await note('undo', (await studio('undo', '--all')).exitCode)
  await compare('undone')
  const after = await everything()
  await note('labels', { lost: without(before, after), new: without(after, before) })
  await note('denied', without(await denials(), refused))
}

const pathsOf = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.lastIndexOf(' ')))

async function asDesigner(verb: 'start' | 'stop'): Promise<{ exitCode: number; stderr: string }> {
  const drop = ['--reuid', '1000', '--regid', '1000', '--init-groups', '--', 'systemctl', '--no-ask-password']
  const { exitCode = -1, stderr } = await execa('setpriv', [...drop, verb, UNIT], { reject: false })
  return { exitCode, stderr }
}

await scenario()
