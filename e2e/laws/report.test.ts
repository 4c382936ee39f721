import { describe, expect, it } from 'vitest'
import { recordHost } from '#app/report/record-host.ts'
import { redact } from '#app/report/redact.ts'
import { stepViews } from '#app/step-view.fixture.ts'
import { doctorText } from '#cli/print.ts'
import type { Host } from '#host/host.ts'
import { RecordedHost } from '#host/recorded/recorded.ts'
import { parseRecording, type Recording } from '#host/recorded/recording.ts'
import { type Description } from '#host/simulated/description.ts'
import { factsFrom, simulated } from '#host/simulated/host.fixture.ts'
import { PAPER_WORKSTATION } from '#host/simulated/paper/workstation.ts'
import { NO_PROOFS } from '#shared/facts/proofs.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'
import { recordedMachines } from '../hosts/recorded-machines.ts'

const SAVED = { choices: DEFAULT_CHOICES, proofs: NO_PROOFS }

const SECRETS = {
  host: 'ws-jdoe-07',
  domain: 'studio.example.org',
  user: 'janedoe',
  fullName: 'Jane Doe',
  telephone: '0170 555 1234',
  home: '/srv/people/janed',
  uuid: '6f3a1c52-9d0e-4b7a-8c11-2e5d7f90ab34',
  shortId: '5C1A-09EF',
  diskId: 'ata-SAMPLE_SSD_S3Z9NB0K123456X',
  mac: '3c:7c:3f:1e:9a:b4',
  link: 'enx3c7c3f1e9ab4',
  address: '192.168.17.23',
  gateway: '0117A8C0',
  address6: '2a02:8071:b5a0::17',
  cardSerial: '00-1b-21-ff-ff-3c-4d-5e',
  machineId: 'b6d81b360a5672d80c27430f39153e2c',
} as const

/** The paper's workstation in the hands of somebody with a name. */
function personal(): Description {
  const arguments_ = `root=UUID=${SECRETS.uuid} rd.luks.uuid=luks-${SECRETS.uuid} resume=UUID=${SECRETS.shortId} ip=${SECRETS.address}::: serverip=[${SECRETS.address6}] ifname=lan:${SECRETS.mac} systemd.machine_id=${SECRETS.machineId} rd.lvm.lv=vg-ws--jdoe--07/root quiet`
  const { files } = PAPER_WORKSTATION
  return {
    ...PAPER_WORKSTATION,
    net: [{ name: SECRETS.link, address: '0000:00:19.0', up: true }],
    files: {
      ...files,
      '/proc/sys/kernel/hostname': `${SECRETS.host}.${SECRETS.domain}\n`,
      '/proc/cmdline': `BOOT_IMAGE=/vmlinuz ${arguments_}\n`,
      '/boot/grub2/grub.cfg': (files['/boot/grub2/grub.cfg'] ?? '').replace('rhgb quiet', arguments_),
      '/etc/default/grub': `# ${SECRETS.fullName.replace(' ', '')} of ${SECRETS.host}: mine, ${SECRETS.home}\nGRUB_CMDLINE_LINUX="${arguments_}"\n`,
      '/etc/modprobe.d/local.conf': `# kept in /home/${SECRETS.user}/notes, card serial ${SECRETS.cardSerial}, disk /dev/disk/by-id/${SECRETS.diskId}\n`,
      '/etc/passwd': `root:x:0:0:root:/root:/bin/bash\n${SECRETS.user}:x:1000:1000:${SECRETS.fullName},,${SECRETS.telephone}:${SECRETS.home}:/bin/bash\n`,
      '/proc/self/mounts': `/dev/disk/by-id/${SECRETS.diskId} /boot xfs rw 0 0\n/dev/mapper/cl-root / xfs rw 0 0\n`,
      '/proc/net/route': `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n${SECRETS.link}\t00000000\t${SECRETS.gateway}\t0003\t0\t0\t100\t00000000\n`,
    },
  }
}

async function viewsOf(host: Host) {
  return stepViews(await factsFrom(host))
}

/** What was concluded, without the words. */
async function conclusions(host: Host): Promise<string[]> {
  const views = await viewsOf(host)
  return views.map((view) => {
    const findings = view.findings.map((finding) => `${finding.code} ${finding.status}`)
    return [view.id, view.verdict.status, `${view.plan.changes.length} changes`, ...findings].join(', ')
  })
}

async function bundleOf(description: Description) {
  const host = simulated(description)
  const { recording, replaced } = redact(await recordHost(host, SAVED))
  const text = JSON.stringify(recording)
  return { host, text, replaced, replay: new RecordedHost(parseRecording(text, 'host.json')) }
}

describe('a report', () => {
  it('holds no secret of the host in any spelling', async () => {
    const { text, replaced } = await bundleOf(personal())
    const spellings = Object.values(SECRETS).flatMap((secret) => [secret, secret.replaceAll('-', '--')])
    expect(spellings.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()))).toEqual([])
    for (const kind of ['host', 'user', 'uuid', 'diskId', 'mac', 'ip4', 'machineId', 'word'])
      expect(replaced[kind], kind).toBeGreaterThan(0)
  })

  it('gives one name one placeholder, in file names as in their text', async () => {
    const { recording } = redact(await recordHost(simulated(personal()), SAVED))
    const ids = JSON.stringify(recording).match(/00000000-0000-4000-8000-0*[1-9]\b/gu) ?? []
    expect(ids.length).toBeGreaterThan(4)
    expect(new Set(ids).size).toBe(1)
    const link = /^(enx\w+)\t00000000/mu.exec(fileText(recording, '/proc/net/route'))?.[1] ?? ''
    expect(recording.links).toHaveProperty([`/sys/class/net/${link}`])
  })

  it('replays to the same doctor output except for the placeholders', async () => {
    const { host, replay } = await bundleOf(personal())
    const hidden = [SECRETS.user, SECRETS.link, /user\d+/gu, /enx0{11}\d/gu]
    const shown = async (seen: Host) =>
      hidden.reduce<string>((text, secret) => text.replaceAll(secret, '#'), doctorText(await viewsOf(seen)))
    expect(await shown(replay)).toBe(await shown(host))
    expect(await conclusions(replay)).toEqual(await conclusions(host))
  })

  it('changes no conclusion about any described host', async () => {
    for (const { name, description } of recordedMachines()) {
      const { host, replay } = await bundleOf(description)
      expect(await conclusions(replay), name).toEqual(await conclusions(host))
    }
  })

  it('is not broken by a host called vm or a user called sound', async () => {
    const { files } = PAPER_WORKSTATION
    const passwd = 'root:x:0:0:root:/root:/bin/bash\nsound:x:1000:1000:Sound:/home/sound:/bin/bash\n'
    const odd = { ...files, '/proc/sys/kernel/hostname': 'vm\n', '/etc/passwd': passwd }
    const { host, replay } = await bundleOf({ ...PAPER_WORKSTATION, files: odd })
    expect(await conclusions(replay)).toEqual(await conclusions(host))
    const facts = await factsFrom(replay)
    expect([facts.host.hostname, facts.users[0]?.home]).toEqual(['host1', '/home/user1'])
  })

  it('leaves alone what is no secret', async () => {
    const original = await recordHost(simulated(), SAVED)
    const { recording } = redact(original)
    expect(recording.files['/sys/bus/pci/devices/0000:04:00.0/vendor']).toBe('0x10de\n')
    const variable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
    expect(recording.files).toHaveProperty([variable])
    expect(recording.commands['lspci -D -nnk']).toEqual(original.commands['lspci -D -nnk'])
    expect(fileText(recording, '/proc/interrupts')).toContain('PCI-MSI')
  })
})

function fileText(recording: Recording, path: string): string {
  const value = recording.files[path]
  return typeof value === 'string' ? value : ''
}
