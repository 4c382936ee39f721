/** What the .deb overrides with a reason: see assets/linux/package/lintian-overrides. */
export const OVERRIDDEN = ['elevated-privileges', 'embedded-library', 'hardening-no-pie', 'unstripped-binary-or-object']
