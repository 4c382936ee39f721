import { z } from 'zod'

/** Where a file of a VM lies. */
export const absolutePath = z.string().regex(/^\/[^\0\n]*$/u, 'an absolute path')

export const imageFormat = z.enum(['qcow2', 'raw'])
