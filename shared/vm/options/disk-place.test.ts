import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellQuote } from '#shared/base/shell-quote.ts'
import { diskPlace, isBelow, placedHome, placedImage, placeDirectory } from './disk-place.ts'

const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._+@-]{0,12}$/u)
const plain = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `/srv/${parts.join('/')}`)
const why = (path: string) => placeDirectory.safeParse(path).error?.issues[0]?.message ?? null

describe('a directory for disk images', () => {
  it('of plain words is taken as it is, and is one word for a shell and for systemd', () => {
    fc.assert(
      fc.property(plain, (path) => {
        expect(placeDirectory.parse(path)).toBe(path)
        expect(shellQuote(path)).toBe(path)
        expect(path).not.toMatch(/[%\s\\]/u)
      }),
    )
  })

  it('with anything else in it is refused, and what may stand there is said', () => {
    const odd = fc.constantFrom(' ', ',', '~', '"', "'", '$(id)', '`', '\\', ';', '%', '\n', 'é', '目', '\0', '*', ':')
    fc.assert(
      fc.property(plain, odd, fc.nat(), (path, part, at) => {
        const place = 1 + (at % path.length)
        const broken = `${path.slice(0, place)}${part}${path.slice(place)}`
        expect(why(broken)).toBe('a path begins with / and has only letters, digits and . _ + @ - between its slashes')
      }),
    )
  })

  it.each(['srv/vms', '', '/', '/srv/', '/srv//vms', '/srv/../etc', '/srv/./vms', '/srv/.hidden', '/srv/-x', './srv'])(
    'is not %j',
    (path) => {
      expect(why(path)).toMatch(/^a path begins with/u)
    },
  )

  it.each([
    '/etc',
    '/etc/vms',
    '/usr/local/vms',
    '/run/media',
    '/tmp/x',
    '/dev/shm',
    '/var/lib',
    '/var/lib/passthrough-studio/vms',
  ])('is not %s, where the system lives', (path) => {
    expect(why(path)).toContain('the system itself lives there')
  })

  it.each(['/srv', '/data/vms', '/home/vms', '/var/lib/images', '/mnt/ssd-2', '/etcetera'])('may be %s', (path) => {
    expect(why(path)).toBeNull()
  })

  it('lies on its mount point, or is it', () => {
    const fits = (directory: string, mount: string) => diskPlace.safeParse({ directory, mount }).success
    expect([fits('/data/vms', '/data'), fits('/data', '/data'), fits('/data', '/')]).toEqual([true, true, true])
    expect([fits('/database', '/data'), fits('/srv', '/data')]).toEqual([false, false])
  })
})

describe('an image in such a directory', () => {
  it('tells its directory and its VM, whatever the directory is called', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom('', '2', '4'), (directory, number) => {
        const path = `${placedHome(directory, 'designer')}/disk${number}.qcow2`
        expect(placedImage(path)).toEqual({ directory, vm: 'designer' })
        expect(isBelow(path, directory)).toBe(true)
      }),
    )
  })

  it.each([
    '/srv/passthrough-studio/designer/vm.json',
    '/srv/passthrough-studio/a/b/disk.qcow2',
    '/passthrough-studio/designer/disk.qcow2',
    '/srv/designer/disk.qcow2',
    '/srv/passthrough-studio/designer/disk5.qcow2',
  ])('is not %s', (path) => {
    expect(placedImage(path)).toBeNull()
  })
})
