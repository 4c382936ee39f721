import { execa } from 'execa'

/** How apt reaches an archive here, and what it may not check. */
const NETWORK = /^Acquire::((https?|ftp)::|Retries|Check-)/u

/** This host's settings of that kind, as options of mmdebstrap, which keeps them in the root it makes. */
export async function hostAptSettings(): Promise<string[]> {
  const { stdout } = await execa('apt-config', ['dump', '--format', '%F "%v";%n', '--no-empty'])
  return stdout.split('\n').flatMap((line) => (NETWORK.test(line) ? [`--aptopt=${line}`] : []))
}
