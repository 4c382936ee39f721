import { z } from 'zod'
import { ProblemError } from '#shared/base/problem.ts'
import { OSTREE_INITRAMFS_OFF } from '#shared/plan/tool-command.ts'
import { REVERTED, type Reverted, type Work } from '../handler.ts'

/** The part of `rpm-ostree status --json` that is looked at; the first deployment is the one that boots next. */
const status = z.object({ deployments: z.array(z.object({ 'regenerate-initramfs': z.boolean().optional() })) })

async function isEnabled({ system }: Work): Promise<boolean> {
  const { stdout } = await system.run('rpm-ostree', ['status', '--json'])
  return status.parse(JSON.parse(stdout)).deployments[0]?.['regenerate-initramfs'] === true
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
    const { tool, args } = OSTREE_INITRAMFS_OFF
    if (await isEnabled(work)) await work.system.run(tool, args, { onLine: work.log })
    return REVERTED
  },
}
