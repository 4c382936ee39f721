import { asksForPassword, noService } from '#shared/facts/services.ts'
import type { Topic } from '../topic.ts'

export const service: Topic<'service'> = {
  define: ({ choices: { definition } }) => ({
    stopSeconds: definition.stopSeconds,
    autostart: definition.autostart,
    hostSleep: definition.hostSleep,
  }),
  view: ({ facts: { services } }) => ({
    serviceBlocked: noService(services.systemd),
    startAsks: asksForPassword(services),
  }),
  choicesOf: ({ stopSeconds, autostart, hostSleep }) => ({ stopSeconds, autostart, hostSleep }),
  argv: {},
}
