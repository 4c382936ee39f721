import { chosenInstallers } from '#shared/vm/answers/installers.ts'
import type { GuestSoftware, SetupAnswers } from '#shared/vm/options/answers.ts'

/** Letters that a disc may get: C is the disk's, and a VM has three discs at the most beside one of its own. */
export const DISC_LETTERS = ['D', 'E', 'F', 'G', 'H'] as const

/** Scripts of the disc, by name. */
export const GUARD = 'empty-disk-only.cmd'
export const FIRST_LOGON = 'first-logon.cmd'

/** The command that runs a script of the disc, whichever letter it has. */
export function onTheDisc(script: string): string {
  return `cmd.exe /c for %d in (C ${DISC_LETTERS.join(' ')}) do @if exist %d:\\${script} call %d:\\${script}`
}

/** cmd.exe loses its way between labels in a file without carriage returns. */
function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\r\n`).join('')
}

const ASK = '%TEMP%\\pts-ask.txt'
const SAID = '%TEMP%\\pts-said.txt'
const DIGITS = '[0-9A-F]'

/**
 * Asks diskpart who the disk is, in whatever language it answers: a disk that was never divided is 00000000, one with
 * GPT has a GUID, one with an MBR another number of eight digits.
 */
export function guardScript(): string {
  return lines(
    '@echo off',
    'rem Written by Passthrough Studio. Runs before Setup divides the disk, and stops it before one that is in use.',
    `> "${ASK}" echo select disk 0`,
    `>> "${ASK}" echo uniqueid disk`,
    `diskpart.exe /s "${ASK}" > "${SAID}"`,
    `findstr.exe /r /i "{${DIGITS}*-${DIGITS}*-${DIGITS}*-${DIGITS}*-${DIGITS}*}" "${SAID}" > nul && goto inuse`,
    `findstr.exe /r /c:" 00000000" "${SAID}" > nul && exit /b 0`,
    `findstr.exe /r /i /c:" ${DIGITS.repeat(8)}" "${SAID}" > nul && goto inuse`,
    'exit /b 0',
    ':inuse',
    'cls',
    'echo The disk is not empty. Nothing was erased.',
    'echo.',
    'echo Take "Windows installs itself" away in step 8 of Passthrough Studio, then install by hand.',
    'echo The VM is switched off by the next key.',
    'pause > nul',
    'wpeutil.exe shutdown',
    'goto inuse',
  )
}

/** What of the driver disc is installed at the first logon, by where it lies on it. */
const SOFTWARE: Readonly<Record<Exclude<GuestSoftware, 'none'>, { file: string; run: (path: string) => string }>> = {
  agent: {
    file: 'guest-agent\\qemu-ga-x86_64.msi',
    run: (path) => `msiexec.exe /i "${path}" /qn /norestart`,
  },
  tools: {
    file: 'virtio-win-guest-tools.exe',
    run: (path) => `"${path}" /install /quiet /norestart`,
  },
}

/** Installs at the first logon what was chosen: from the driver disc, then from this one. */
export function firstLogonScript(answers: SetupAnswers): string {
  const copies = chosenInstallers(answers).map(({ file, words }) => `start "" /wait "%~dp0${file}" ${words}`)
  return lines(
    '@echo off',
    'rem Written by Passthrough Studio. Runs once, at the first logon.',
    ...(answers.software === 'none' ? [] : [fromDriverDisc(answers.software)]),
    ...copies,
  )
}

function fromDriverDisc(software: Exclude<GuestSoftware, 'none'>): string {
  const { file, run } = SOFTWARE[software]
  const path = `%%d:\\${file}`
  return `for %%d in (${DISC_LETTERS.join(' ')}) do if exist "${path}" ${run(path)}`
}
