import { z } from 'zod'

/** A name that is safe as a file, a unit and a QEMU guest name. */
export const vmName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/u, 'a VM name has 1 to 31 of a-z, 0-9 and -, and starts with a letter or digit')
