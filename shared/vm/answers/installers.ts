import type { SetupAnswers } from '../options/answers.ts'

/** What an admin may have installed at the first logon beside the driver disc's, from a file of theirs. */
export const INSTALLERS = {
  /** Its server in the guest, with the driver for the memory that guest and host share. */
  lookingGlass: { title: 'Looking Glass host', file: 'looking-glass-host-setup.exe', words: '/S /ivshmem' },
  sunshine: { title: 'Sunshine', file: 'sunshine-setup.exe', words: '/S' },
} as const

type InstallerId = keyof typeof INSTALLERS
const IDS = ['lookingGlass', 'sunshine'] as const satisfies readonly InstallerId[]

/** Those that were chosen: what each is called on the disc, and where its file lies on this host. */
export function chosenInstallers(
  answers: SetupAnswers,
): { title: string; file: string; words: string; path: string }[] {
  return IDS.flatMap((id) => {
    const path = answers[id]
    return path === null ? [] : [{ ...INSTALLERS[id], path }]
  })
}

/** Whether anything is installed at the first logon. */
export function installsAtLogon(answers: SetupAnswers): boolean {
  return answers.software !== 'none' || chosenInstallers(answers).length > 0
}
