import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { stepView } from '#app/step-view.fixture.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub } from '#e2e/hosts/distros/debian.ts'
import { defaultGrubEntry } from '#host/parse/grub-cfg.ts'
import { factsFrom } from '#host/simulated/host.fixture.ts'
import { simulated } from '#host/simulated/host.fixture.ts'
import { temporaryDirectory } from '#host/temporary.fixture.ts'
import { OWN_FILES, RESCUE_WORD } from '#shared/base/own-files.ts'

describe('the rescue script in /etc/grub.d', () => {
  it('prints, in a real shell, one entry that GRUB finds by its own id, not by the copied one', async () => {
    const machine = machineOf(debianGrub)
    const facts = await factsFrom(simulated(machine))
    const { changes } = stepView(facts, 'boot').plan
    const script = changes.flatMap(({ change }) =>
      change.kind === 'write-file' && change.path === OWN_FILES.grubRescue ? [change] : [],
    )
    expect(script.map(({ mode }) => mode)).toEqual([0o755])
    const path = join(await temporaryDirectory('rescue'), 'script')
    await writeFile(path, script[0]?.text ?? '')
    const { stdout } = await execa('sh', [path])
    const recorded = machine.files['/boot/grub/grub.cfg'] ?? ''
    const chosen = (expression: string) => {
      const text = `${recorded.replace('set default="0"', `set default="${expression}"`)}${stdout}\n`
      return defaultGrubEntry({ path: 'grub.cfg', text, env: {}, entries: [] })
    }
    const before = defaultGrubEntry({ path: 'grub.cfg', text: recorded, env: {}, entries: [] })
    const cmdline = 'cmdline' in before ? before.cmdline : ''
    expect(chosen('passthrough-studio-rescue')).toMatchObject({ cmdline: `${cmdline} ${RESCUE_WORD}` })
    expect(chosen('0')).toMatchObject({ cmdline })
    expect(chosen('gnulinux-6.1.0-23-amd64')).toMatchObject({ cmdline })
    expect(chosen('Debian GNU/Linux')).toMatchObject({ cmdline })
  })
})
