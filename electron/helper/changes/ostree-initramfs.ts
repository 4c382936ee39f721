import { z } from 'zod'
import { ProblemError } from '#shared/base/problem.ts'
import { OSTREE_INITRAMFS_OFF } from '#shared/plan/tool-command.ts'
import { REVERTED, type Reverted, type Work } from '../handler.ts'
import { runChecked } from '../run-checked.ts'

/** The part of `rpm-ostree status --json` that is looked at; the first deployment is the one that boots next. */
const status = z.object({ deployments: z.array(z.object({ 'regenerate-initramfs': z.boolean().optional() })) })

async function isEnabled(work: Work): Promise<boolean> {
  const text = await runChecked({ ...work, log: () => undefined }, 'rpm-ostree', ['status', '--json'])
  return status.parse(JSON.parse(text)).deployments[0]?.['regenerate-initramfs'] === true
}

/** Building the initramfs on this host is a switch of rpm-ostree's; it is taken over only when it was off. */
export const ostreeInitramfs = {
  async check(work: Work): Promise<void> {
    if (!(await isEnabled(work))) return
    throw new ProblemError('unsupported', 'rpm-ostree builds the initramfs on this host already.', {
      hint: 'Run "rpm-ostree initramfs --disable" first, or add vfio-pci to your dracut configuration yourself.',
    })
  },

  async revert(work: Work): Promise<Reverted> {
    if (await isEnabled(work)) await runChecked(work, OSTREE_INITRAMFS_OFF.tool, OSTREE_INITRAMFS_OFF.args)
    return REVERTED
  },
}
