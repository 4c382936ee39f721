import { z } from 'zod'

/** Lines of an administrator's scripts that may move devices between drivers, and what could not be read of them. */
export const driverScripts = z.strictObject({
  lines: z.array(z.strictObject({ source: z.string(), line: z.string() })),
  unread: z.array(z.strictObject({ source: z.string(), why: z.string() })),
  /** Whether there was more than is kept. */
  cut: z.boolean(),
})
export type DriverScripts = z.infer<typeof driverScripts>

/** A script that modprobe runs in place of loading vfio-pci: in a directory of programs, and named after it. */
export const OVERRIDE_SCRIPT = /^\/(?:usr\/(?:local\/)?)?s?bin\/[\w.-]*vfio[\w.-]*$/u
