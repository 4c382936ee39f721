import { HUGE_PAGE_MIB } from '#shared/facts/huge-pages.ts'
import type { VmDefinition } from '#shared/vm/vm.ts'
import type { ArgumentContext, ArgumentGroup, Capabilities } from '../qemu/arguments.ts'

/**
 * What QEMU makes the guest's memory of; null: of what it takes by itself, which is anonymous too. The kernel gives
 * transparent huge pages to anonymous memory that asks for them, as QEMU's does (system/physmem.c, QEMU_MADV_HUGEPAGE);
 * to a file without a name it gives none unless shmem_enabled was set, which by default is not (kernel: transhuge.rst).
 * So memory is such a file only where its pages come of the host's pool.
 */
export function memoryBackend({ hugePages }: VmDefinition, qemu: Capabilities): 'memory-backend-memfd' | null {
  if (qemu.machineProperties?.includes('memory-backend') !== true) return null
  return hugePages && qemu.objects?.includes('memory-backend-memfd') === true ? 'memory-backend-memfd' : null
}

/** The dry start leaves the host's huge pages alone: it must not wait for memory, nor fail for lack of it. */
export function memoryArguments({ definition, qemu, withHost }: ArgumentContext): ArgumentGroup {
  const size = `${definition.memoryMiB}M`
  const backend = memoryBackend(definition, qemu)
  const pool = backend === 'memory-backend-memfd' && withHost
  const huge = pool ? `,hugetlb=on,hugetlbsize=${HUGE_PAGE_MIB}M,prealloc=on` : ''
  const object = backend === null ? [] : ['-object', `${backend},id=ram,size=${size},share=on${huge}`]
  const pages = pool ? ` It lies in huge pages, all of them there before the guest starts.` : ''
  return {
    reason: `Memory. All of it is pinned while a device is passed through, so there is no balloon.${pages}`,
    args: ['-m', size, ...object],
  }
}
