import { z } from 'zod'
import { blocked, optionTopic } from './topic.ts'

/** What the host's sleep means for a VM that runs: a card does not keep its state through it. */
export const HOST_SLEEP = ['waits', 'shuts-down', 'ignores'] as const
const hostSleep = z.enum(HOST_SLEEP)

const stopSeconds = z.number().int().min(15).max(3600).default(180)
const autostart = z.boolean().default(false)

/** A VM as a service of the host. */
export const service = optionTopic({
  definition: {
    /** How long the guest has for its shutdown when its unit is stopped, as at the host's own, in seconds. */
    stopSeconds,
    /** It is started at each boot, unless its last start failed. */
    autostart,
    /** The host does not sleep while it runs, or it is shut down before. */
    hostSleep: hostSleep.default('waits'),
  },
  choices: { stopSeconds, autostart, hostSleep: hostSleep.default('waits') },
  initial: {},
  view: {
    /** Why this VM is no service here; null: it is one. */
    serviceBlocked: blocked,
    /** Why its user has to ask an administrator for each start; null: no password is asked for. */
    startAsks: blocked,
  },
})
