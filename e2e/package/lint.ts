import { execa } from 'execa'

/** A file of a package as tar lists it: `-rwxr-xr-x`, `root/root`, `./usr/bin/passthrough-studio`. */
interface Entry {
  mode: string
  owner: string
  path: string
}

export async function entriesOf(deb: string): Promise<Entry[]> {
  const { stdout } = await execa('dpkg-deb', ['--contents', deb])
  return stdout.split('\n').map((line) => {
    const [mode = '', owner = '', , , , path = ''] = line.split(/\s+/u)
    return { mode, owner, path }
  })
}

/** Each name once, sorted. */
const unique = (names: readonly string[]) => [...new Set(names)].sort()

/** What lintian says of a .deb: errors and warnings, and what the package overrides with a reason. */
export async function lintianTags(deb: string): Promise<{ found: string[]; overridden: string[] }> {
  const words = ['--no-cfg', '--color', 'never', '--tag-display-limit', '0', '--show-overrides', deb]
  const { stdout } = await execa('lintian', words, { reject: false })
  const tags = (kind: RegExp) => unique([...stdout.matchAll(kind)].map(([, tag = '']) => tag))
  return {
    found: tags(/^[EW]: passthrough-studio: (\S+)/gmu),
    overridden: tags(/^O: passthrough-studio: (\S+)/gmu),
  }
}

/** What rpmlint calls an error, each kind once. Throws when it read no package. */
export async function rpmlintErrors(rpm: string): Promise<string[]> {
  const { stdout } = await execa('rpmlint', [rpm], { reject: false })
  if (!stdout.includes('1 packages and 0 specfiles checked')) throw new Error(stdout)
  return unique([...stdout.matchAll(/^passthrough-studio\S*: E: (\S+)/gmu)].map(([, tag = '']) => tag))
}

/** How a checker ended and all that it said. */
export async function checked(program: string, ...words: string[]): Promise<{ exitCode: number; said: string }> {
  const { exitCode = -1, all } = await execa(program, words, { reject: false, all: true })
  return { exitCode, said: all }
}

/** What bash offers for these words, the last of which is being typed. */
export async function bashOffers(completion: string, ...words: string[]): Promise<string[]> {
  const script = `source "$1" && shift && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    function=$(complete -p passthrough-studio | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
    $function && printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await execa('bash', ['--norc', '-c', script, 'bash', completion, ...words])
  return stdout.split('\n')
}
