// Makes the .rpm of the same tree.
import { cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../run.mjs'
import { rpmChangelog } from './changelog.mjs'
import { DOC } from './files.mjs'
import { MAINTAINER } from './release.mjs'
import { script } from './scripts.mjs'

/**
 * Packs `tree` into `out` and returns the path. rpm itself finds the libraries, so the package fits each distribution.
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./release.mjs").Release} release
 * @param {string} out
 */
export async function packRpm(tree, release, out) {
  const work = await mkdtemp(join(tmpdir(), 'studio-rpm-'))
  try {
    const spec = join(work, 'passthrough-studio.spec')
    await writeFile(spec, await specOf(tree, release))
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(release.epoch), LC_ALL: 'C' }
    /** @type {import('node:child_process').SpawnOptions} */
    const quiet = { stdio: 'ignore', env }
    await must(
      'rpmbuild',
      ['-bb', '--target', 'x86_64', '--define', `_topdir ${work}`, '--define', `tree ${tree.root}`, spec],
      quiet,
    )
    const [name] = await readdir(join(work, 'RPMS/x86_64'))
    if (name === undefined) throw new Error('rpmbuild made no package.')
    await mkdir(out, { recursive: true })
    const file = join(out, name)
    await cp(join(work, 'RPMS/x86_64', name), `${file}.new`)
    await rename(`${file}.new`, file)
    return file
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Chromium opens it while it starts, which rpm cannot see, and ends at once without it. */
const OPENED = 'libX11-xcb.so.1()(64bit)'

/** Rules that rpm's Debian build lacks or that would change the files: no stripping, no links by build id. */
const GLOBALS = `%global debug_package %{nil}
%global _build_id_links none
%global __os_install_post %{nil}
%global __provides_exclude_from ^/usr/lib/passthrough-studio/.*$
%global __requires_exclude ^(libffmpeg|libEGL|libGLESv2|libvulkan|libvk_swiftshader)\\\\.so.*$
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost reproducible
%global _binary_payload w3.zstdio
`

/**
 * @param {import("./files.mjs").Tree} tree
 * @param {import("./release.mjs").Release} release
 */
async function specOf(tree, release) {
  const { version, standIn } = release
  return `${GLOBALS}
Name: passthrough-studio
Version: ${version}
Release: 1
Summary: Hand a graphics card to a virtual machine, and get it back
License: MIT
Group: System/Management
Packager: ${MAINTAINER}
Requires: polkit
Requires: /usr/bin/pkexec
Requires: ${OPENED}
Recommends: pciutils
Recommends: (qemu-kvm or qemu-x86)
Suggests: swtpm
Suggests: virt-viewer

%description
A wizard of nine steps takes a workstation from "VT-d maybe off" to a KVM
virtual machine that has a physical GPU. Every change is shown as a diff before
it is made, is journalled with a backup, and is undone byte for byte.
${standIn ? '\nThis package is for tests: it carries an Electron that is out of support.\n' : ''}
%install
mkdir -p %{buildroot}
cp -a %{tree}/usr %{buildroot}/

%files
%dir /usr/lib/passthrough-studio
/usr/lib/passthrough-studio/[!c]*
/usr/lib/passthrough-studio/cli.js
/usr/lib/passthrough-studio/chrome_*
%attr(4755, root, root) /usr/lib/passthrough-studio/chrome-sandbox
${(await ownFiles(tree)).join('\n')}

%post
${await script('configure')}

%preun
if [ "$1" = 0 ]; then
${await script('before-remove')}
fi

%postun
if [ "$1" = 0 ]; then
${await script('after-remove')}
fi

%changelog
${await rpmChangelog(release)}`
}

/**
 * Whole directories of our own; single files in those of the host.
 * @param {import("./files.mjs").Tree} tree
 */
async function ownFiles(tree) {
  const share = [
    '/usr/share/applications/passthrough-studio.desktop',
    '/usr/share/bash-completion/completions/passthrough-studio',
    '/usr/share/fish/vendor_completions.d/passthrough-studio.fish',
    '/usr/share/icons/hicolor/256x256/apps/passthrough-studio.png',
    '/usr/share/icons/hicolor/scalable/apps/passthrough-studio.svg',
    '/usr/share/metainfo/org.passthrough_studio.studio.metainfo.xml',
    '/usr/share/passthrough-studio',
    '/usr/share/polkit-1/actions/org.passthrough-studio.policy',
    '/usr/share/zsh/site-functions/_passthrough-studio',
  ]
  const docs = await readdir(tree.at(DOC))
  return [
    '/usr/bin/passthrough-studio',
    '/usr/libexec/passthrough-studio',
    ...share,
    '%{_mandir}/man1/passthrough-studio.1.gz',
    `%dir /${DOC}`,
    ...docs.sort().map((name) => `%doc /${DOC}/${name}`),
  ]
}
