import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { execa } from 'execa'
import { OWN_FILES, SWTPM_PROFILE } from '#shared/base/own-files.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { program } from './designer.ts'
import { note } from './evidence.ts'
import { prepareVm, studio } from './verbs.ts'

/** What Ubuntu's profile allows (its package swtpm, debian/usr.bin.swtpm), which Debian's has none of. */
const PROFILE = (include: string) => `#include <tunables/global>
profile swtpm /usr/bin/swtpm {
  #include <abstractions/base>
  #include <abstractions/openssl>
${include}
  capability chown,
  capability dac_override,
  capability dac_read_search,
  capability fowner,
  capability fsetid,
  capability setgid,
  capability setuid,
  network inet stream,
  network inet6 stream,
  unix (send) type=dgram addr=none peer=(addr=none),
  unix (send, receive) type=stream addr=none peer=(label=libvirt-*),
  /usr/bin/swtpm rm,
  /tmp/** rwk,
  owner @{HOME}/** rwk,
  owner /var/lib/libvirt/swtpm/** rwk,
  owner /run/libvirt/qemu/swtpm/*.sock rwk,
  owner /var/log/swtpm/libvirt/qemu/*.log rwk,
  owner /run/libvirt/qemu/swtpm/*.pid rwk,
  /dev/tpmrm[0-9]* rw,
  owner /run/swtpm/sock rw,
  owner /var/lib/swtpm/** rwk,
}
`
const INCLUDED = '  #include <local/usr.bin.swtpm>'
const DISK = '/var/lib/lab/empty.img'
const MACHINE = {
  profile: 'windows-10',
  bios: true,
  tpm: true,
  memoryMiB: 256,
  vcpus: 1,
  disk: { kind: 'image', format: 'raw', path: DISK },
}

async function profile(include: string): Promise<void> {
  await writeFile(SWTPM_PROFILE, PROFILE(include))
  await execa('apparmor_parser', ['--replace', SWTPM_PROFILE])
}

/** What became of the last dry start: whether QEMU, and with it the TPM, takes the definition. */
async function dryStart(): Promise<unknown> {
  const { stdout } = await program('facts')
  return (JSON.parse(stdout) as { proofs: { dryStart: unknown } }).proofs.dryStart
}

async function prepare(packages: string): Promise<void> {
  const debs = (await readdir(packages)).map((name) => `${packages}/${name}`)
  await execa('dpkg', ['--install', ...debs], { stdio: 'inherit' })
  await mkdir('/etc/apparmor.d/local', { recursive: true })
  await writeFile(OWN_FILES.swtpmRules, '# Of the administrator\n')
  await profile(INCLUDED)
  await writeFile(DISK, '')
  await truncate(DISK, 1_048_576)
  await execa('chown', ['designer:', DISK])
}

async function runs(): Promise<void> {
  const { exitCode } = await studio('vm', 'start')
  const { stdout } = await studio('vm', 'status', '--json')
  const { status } = JSON.parse(stdout) as { status: { state: string } }
  await note('started', { exitCode, state: status.state })
  const { stdout: pid } = await execa('pidof', ['swtpm'], { reject: false })
  await note('confined as', await readFile(`/proc/${pid.split(' ')[0] ?? ''}/attr/current`, 'utf8'))
  await note('state of the TPM', await readdir(vmPaths('designer').tpmState))
}

async function scenario(packages: string): Promise<void> {
  await prepare(packages)
  await prepareVm(MACHINE)
  await note('profile', await readFile('/sys/kernel/security/apparmor/profiles', 'utf8'))
  await note('rules', await readFile(OWN_FILES.swtpmRules, 'utf8'))
  await note('planned', (await studio('journal')).stdout)
  await note('accepted', await dryStart())
  await runs()
  await studio('vm', 'kill')
  await studio('apply', 'definition', '--choice', JSON.stringify({ memoryMiB: 258 }))
  await note('accepted beside it', await dryStart())
  await profile('')
  await studio('apply', 'definition', '--choice', JSON.stringify({ memoryMiB: 260 }))
  await note('accepted without rules', await dryStart())
  await note('undo', (await studio('undo', '--all')).exitCode)
  await note('rules after undo', await readFile(OWN_FILES.swtpmRules, 'utf8'))
}

await scenario(argv[2] ?? '')
