import { describe, expect, it } from 'vitest'
import { defaultGrubEntry, type GrubMenu, parseGrubEnv } from './grub-cfg.ts'

const CFG = `
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set boot_once=true
else
   set default="DEFAULT"
fi
function savedefault {
  saved_entry="\${chosen}"
}
menuentry 'Debian' --class debian $menuentry_id_option 'gnulinux-simple-1' {
	linux	/boot/vmlinuz-6.1.0-2 root=UUID=1 ro quiet
	initrd	/boot/initrd.img-6.1.0-2
}
submenu 'Advanced options' $menuentry_id_option 'gnulinux-advanced-1' {
	menuentry 'Debian, with Linux 6.1.0-2' $menuentry_id_option 'gnulinux-6.1.0-2' {
		linux	/boot/vmlinuz-6.1.0-2 root=UUID=1 ro newer
	}
	menuentry 'Debian, with Linux 6.1.0-1' $menuentry_id_option 'gnulinux-6.1.0-1' {
		linux	/boot/vmlinuz-6.1.0-1 root=UUID=1 ro older
	}
}
`

function menu(expression: string, change: Partial<GrubMenu> = {}): GrubMenu {
  return { path: '/boot/grub/grub.cfg', text: CFG.replace('DEFAULT', expression), env: {}, entries: [], ...change }
}

describe('GRUB’s default entry', () => {
  const table: [string, string, Record<string, string>, string, string][] = [
    ['an index', '0', {}, 'root=UUID=1 ro quiet', 'order'],
    ['an index in a submenu', '1>1', {}, 'root=UUID=1 ro older', 'name'],
    ['ids of a submenu and an entry', 'gnulinux-advanced-1>gnulinux-6.1.0-1', {}, 'root=UUID=1 ro older', 'name'],
    ['a saved entry where none is saved', '${saved_entry}', {}, 'root=UUID=1 ro quiet', 'order'],
    [
      'a saved entry by its titles',
      '${saved_entry}',
      { saved_entry: 'Advanced options>Debian, with Linux 6.1.0-2' },
      'root=UUID=1 ro newer',
      'name',
    ],
    [
      'a saved entry that is gone',
      '${saved_entry}',
      { saved_entry: 'a kernel that is gone' },
      'root=UUID=1 ro quiet',
      'order',
    ],
  ]

  it.each(table)('is found for %s', (_what, expression, env, cmdline, chosenBy) => {
    expect(defaultGrubEntry(menu(expression, { env }))).toMatchObject({ cmdline, chosenBy })
  })

  it('is unknown when it is a submenu', () => {
    expect(defaultGrubEntry(menu('1'))).toEqual({ unknown: expect.stringContaining('submenu') as string })
  })

  it('is returned as it is written', () => {
    expect(defaultGrubEntry(menu('0'))).toMatchObject({
      title: 'Debian',
      text: expect.stringMatching(/^menuentry [^]*\n\}$/u) as string,
    })
  })
})

describe('GRUB’s default entry through blscfg', () => {
  const entries = ['m-5.14.0-9', 'm-5.14.0-10', 'm-0-rescue'].map((id) => ({
    path: `/boot/loader/entries/${id}.conf`,
    text: `title Linux ${id}\noptions $kernelopts ${id}\n`,
  }))
  const cfg = {
    text: 'set default="${saved_entry}"\nset kernelopts="root=/dev/a ro"\ninsmod blscfg\nblscfg\n',
    entries,
  }

  it('is the newest when none was saved, compared by number', () => {
    expect(defaultGrubEntry(menu('', cfg))).toMatchObject({ cmdline: 'root=/dev/a ro m-5.14.0-10', chosenBy: 'order' })
  })

  it('is the saved one, with the arguments of the environment block', () => {
    const env = parseGrubEnv('# GRUB Environment Block\nsaved_entry=m-5.14.0-9\nkernelopts=root=/dev/b ro\n#####')
    expect(defaultGrubEntry(menu('', { ...cfg, env }))).toMatchObject({
      cmdline: 'root=/dev/b ro m-5.14.0-9',
      source: '/boot/loader/entries/m-5.14.0-9.conf',
      chosenBy: 'name',
    })
  })
})
