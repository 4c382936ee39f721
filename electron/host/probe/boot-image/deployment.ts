import { z } from 'zod'
import { type Runner, toolText } from '#host/exec/tool-text.ts'
import { jsonOrNull } from '#shared/base/json.ts'
import type { Reader } from '#shared/base/system.ts'
import { isUnknown, type OrUnknown, unknownBecause } from '#shared/base/unknown.ts'

/** The part of `rpm-ostree status --json` that is looked at; the first deployment is the one that boots next. */
const status = z.object({
  deployments: z.array(
    z.object({
      osname: z.string().regex(/^[\w.-]+$/u),
      checksum: z.string().regex(/^[\w-]+$/u),
      serial: z.number().int().default(0),
      'regenerate-initramfs': z.boolean().nullish(),
      'initramfs-args': z.array(z.string()).nullish(),
    }),
  ),
})

/** The deployment of rpm-ostree that boots next, which may be staged and in no menu yet. */
export interface NextDeployment {
  /** Whether its initramfs is built on this host, and with which arguments of dracut beside rpm-ostree's own. */
  regenerates: boolean
  args: string[]
  /** Where its tree lies (ostree's layout, `ostree admin status`). */
  directory: string
}

/** Asks rpm-ostree what boots next. */
export async function nextDeployment(runner: Runner): Promise<OrUnknown<NextDeployment>> {
  const said = await toolText(runner, 'rpm-ostree', ['status', '--json'])
  if (said === null) return unknownBecause('rpm-ostree is not installed')
  if (isUnknown(said)) return said
  const first = status.safeParse(jsonOrNull(said)).data?.deployments[0]
  if (first === undefined) return unknownBecause('rpm-ostree names no deployment')
  return {
    regenerates: first['regenerate-initramfs'] === true,
    args: first['initramfs-args'] ?? [],
    directory: `/ostree/deploy/${first.osname}/deploy/${first.checksum}.${first.serial}`,
  }
}

/** Where the initramfs of a deployment lies, beside the modules of its kernel, of which it has one. */
export async function deploymentImage(
  reader: Pick<Reader, 'list'>,
  { directory }: NextDeployment,
): Promise<OrUnknown<string>> {
  const modules = `${directory}/usr/lib/modules`
  const listed = await reader.list(modules)
  const [release, ...others] = listed.kind === 'names' ? listed.names : []
  if (release === undefined) return unknownBecause(`${modules} names no kernel`)
  return others.length === 0
    ? `${modules}/${release}/initramfs.img`
    : unknownBecause(`${modules} names several kernels`)
}
