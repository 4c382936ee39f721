import { z } from 'zod'

/** A computer's name in Windows: what NetBIOS takes of letters, digits and hyphens. */
export const computerName = z
  .string()
  .regex(
    /^(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?$/u,
    'up to 15 letters, digits and hyphens, not digits alone, no hyphen at either end',
  )

/** Names that Windows has accounts or groups of its own under, in lower case. */
const TAKEN = new Set([
  ...['administrator', 'guest', 'defaultaccount', 'wdagutilityaccount', 'system', 'none'],
  ...['local service', 'network service', 'administrators', 'users', 'guests', 'everyone'],
])

/** A local account of Windows: what its user management takes. */
export const accountName = z
  .string()
  .regex(/^[^\p{C}\p{Zl}\p{Zp}"/\\[\]:;|=,+*?<>@]{1,20}$/u, 'up to 20 characters, without "/\\[]:;|=,+*?<>@')
  .refine((name) => name.trim() === name && !name.endsWith('.'), 'no space or dot at its end, no space before it')
  .refine((name) => !TAKEN.has(name.toLowerCase()), 'Windows has an account or a group of this name itself')

/** The name of an image in install.wim. */
export const imageName = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, 'one line, up to 100 characters')

/** The password of that account: what Windows takes, on one line. It goes to the helper and onto the disc, nowhere else. */
export const accountPassword = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,127}$/u, 'A password has 1 to 127 characters, on one line.')
