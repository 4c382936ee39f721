import type { AnswerDisc } from '#shared/vm/answers/answer-disc.ts'
import { installsAtLogon } from '#shared/vm/answers/installers.ts'
import { component, flag, pass } from './components.ts'
import { FIRST_LOGON, onTheDisc } from './disc-scripts.ts'
import { localeElements } from './locale.ts'
import { added, type Element, element } from './xml.ts'

const OOBE_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\OOBE'

/** What makes the copied system this computer's. */
export function specialize({ answers, windows }: AnswerDisc): Element {
  return pass('specialize', [
    ...(windows === 11 ? [withoutNetwork()] : []),
    component('Microsoft-Windows-Shell-Setup', [
      element('ComputerName', answers.computerName),
      element('TimeZone', answers.timeZone),
    ]),
  ])
}

/** Windows 11 waits for a network otherwise; builds that do not know the value any more pass it over. */
function withoutNetwork(): Element {
  return component('Microsoft-Windows-Deployment', [
    element('RunSynchronous', [
      added('RunSynchronousCommand', [
        element('Description', 'Goes on without a network'),
        element('Order', 1),
        element('Path', `reg.exe add "${OOBE_KEY}" /v BypassNRO /t REG_DWORD /d 1 /f`),
      ]),
    ]),
  ])
}

/** What is asked at the first start, and the account. `secret`: its password as `Password` has it. */
export function oobeSystem({ answers }: AnswerDisc, secret: string): Element {
  const runs = installsAtLogon(answers)
  return pass('oobeSystem', [
    component('Microsoft-Windows-International-Core', localeElements(answers)),
    component('Microsoft-Windows-Shell-Setup', [
      ...(runs ? [autoLogon(answers.account, secret), firstLogon()] : []),
      element('OOBE', [
        flag('HideEULAPage', true),
        flag('HideOEMRegistrationScreen', true),
        flag('HideOnlineAccountScreens', true),
        flag('HideWirelessSetupInOOBE', true),
        element('ProtectYourPC', 3),
      ]),
      element('UserAccounts', [
        element('LocalAccounts', [
          added('LocalAccount', [
            password(secret),
            element('DisplayName', answers.account),
            element('Group', 'Administrators'),
            element('Name', answers.account),
          ]),
        ]),
      ]),
    ]),
  ])
}

function password(secret: string): Element {
  return element('Password', [element('Value', secret), flag('PlainText', false)])
}

/** Once, for the commands of the first logon. */
function autoLogon(account: string, secret: string): Element {
  return element('AutoLogon', [
    password(secret),
    flag('Enabled', true),
    element('LogonCount', 1),
    element('Username', account),
  ])
}

function firstLogon(): Element {
  return element('FirstLogonCommands', [
    added('SynchronousCommand', [
      element('CommandLine', onTheDisc(FIRST_LOGON)),
      element('Description', 'Installs what was chosen for the guest'),
      element('Order', 1),
    ]),
  ])
}
