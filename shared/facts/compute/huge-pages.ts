import { z } from 'zod'

/** The kernel's pool of huge pages of 2 MiB, the only size it also makes while it runs (hugetlbpage.rst). */
export const HUGE_PAGES = '/sys/kernel/mm/hugepages/hugepages-2048kB'
export const HUGE_PAGE_MIB = 2

/** The same of 1 GiB: pages that were kept at boot. */
export const GIGANTIC_PAGES = '/sys/kernel/mm/hugepages/hugepages-1048576kB'
export const GIGANTIC_PAGE_MIB = 1024

/** Sizes of pages that a guest's memory can be made of. */
export const hugePageMiB = z.union([z.literal(HUGE_PAGE_MIB), z.literal(GIGANTIC_PAGE_MIB)])
export type HugePageMiB = z.infer<typeof hugePageMiB>

/** The limit a change may set: pages beyond the pool's own, made when a program asks and gone when it ends. */
export const HUGE_PAGE_LIMIT = `${HUGE_PAGES}/nr_overcommit_hugepages`

/** Files of the pool, each one number. */
export const POOL_FILES = [
  'nr_hugepages',
  'surplus_hugepages',
  'nr_overcommit_hugepages',
  'free_hugepages',
  'resv_hugepages',
] as const

/** The pool of a kernel that was not asked for huge pages yet, as its files read. */
export const EMPTY_POOL: Readonly<Record<string, string>> = Object.fromEntries(
  POOL_FILES.map((name) => [`${HUGE_PAGES}/${name}`, '0\n']),
)

/** Counts of pages. */
export const hugePages = z.strictObject({
  /** Those the pool keeps, used or not. */
  poolPages: z.number().int(),
  /** How many more may be made. */
  limit: z.number().int(),
  /** Neither used nor promised just now. */
  free: z.number().int(),
})
export type HugePages = z.infer<typeof hugePages>
