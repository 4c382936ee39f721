import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { evaluateSteps } from '#app/evaluate-steps.ts'
import { situationOf } from '#core/situation.ts'
import { machineOf } from '#e2e/hosts/distros/base.ts'
import { debianGrub } from '#e2e/hosts/distros/debian.ts'
import { gatherFacts } from '#host/gather/gather.ts'
import { defaultGrubEntry } from '#host/parse/grub-cfg.ts'
import { describe as describeMachine } from '#host/simulated/describe.ts'
import { SimulatedHost } from '#host/simulated/simulated.ts'
import { OWN_FILES, RESCUE_WORD } from '#shared/base/own-files.ts'
import { DEFAULT_CHOICES } from '#shared/wizard/choices.ts'

describe('the script in /etc/grub.d', () => {
  it('prints, under a real shell, one entry that GRUB finds by its own id and never by the copied one', async () => {
    const machine = machineOf(debianGrub)
    const facts = await gatherFacts(new SimulatedHost(describeMachine(machine)), { dryStart: null, guestReport: null })
    const changes = evaluateSteps(situationOf(facts, DEFAULT_CHOICES), []).flatMap((view) =>
      view.id === 'boot' ? view.plan.changes : [],
    )
    const script = changes.flatMap(({ change }) =>
      change.kind === 'write-file' && change.path === OWN_FILES.grubRescue ? [change] : [],
    )
    expect(script.map(({ mode }) => mode)).toEqual([0o755])
    const path = join(await mkdtemp(join(tmpdir(), 'rescue-')), 'script')
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
