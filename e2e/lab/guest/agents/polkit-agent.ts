import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import dbus, { type Message as DbusMessage } from 'dbus-next'

const { Message, MessageType, Variant, systemBus } = dbus

const POLKIT = 'org.freedesktop.PolicyKit1'
const AGENT = '/org/passthrough_studio/lab/agent'

/**
 * An authentication agent that closes every dialog at once, as a person who presses Cancel would.
 * Registered for one process: pkexec asks on behalf of its parent (pkexec(1)).
 */
export class DismissingAgent {
  /** Actions that were asked for, in order. */
  readonly asked: string[] = []
  private readonly bus = systemBus()

  async register(pid: number): Promise<void> {
    this.bus.addMethodHandler((message: DbusMessage) => this.answer(message))
    await once(this.bus, 'connect')
    const subject = [
      'unix-process',
      { pid: new Variant('u', pid), 'start-time': new Variant('t', BigInt(await startTime(pid))) },
    ]
    const reply = await this.bus.call(
      new Message({
        destination: POLKIT,
        path: `/${POLKIT.replaceAll('.', '/')}/Authority`,
        interface: `${POLKIT}.Authority`,
        member: 'RegisterAuthenticationAgent',
        signature: '(sa{sv})ss',
        body: [subject, 'C', AGENT],
      }),
    )
    if (reply === null) throw new Error('polkitd did not answer')
  }

  private answer(message: DbusMessage): boolean {
    if (message.type !== MessageType.METHOD_CALL || message.path !== AGENT) return false
    if (message.member === 'BeginAuthentication') {
      this.asked.push(String(message.body[0]))
      this.bus.send(dismissal(message))
    } else {
      this.bus.send(Message.newMethodReturn(message, '', []))
    }
    return true
  }

  close(): void {
    this.bus.disconnect()
  }
}

/** What an agent answers when its dialog was closed (polkit's own error name). */
function dismissal(message: DbusMessage): DbusMessage {
  const reply = Message.newMethodReturn(message, 's', ['dismissed'])
  reply.type = MessageType.ERROR
  reply.errorName = `${POLKIT}.Error.Cancelled`
  return reply
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold blanks (proc(5)). */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}
