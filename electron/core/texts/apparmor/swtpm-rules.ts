const BEGIN = '# Passthrough Studio: the TPMs of its VMs.'
const END = '# End of Passthrough Studio.'

/**
 * What a confined swtpm may do for VMs beyond what its package allows (apparmor.d(5)): state and socket where our VMs have
 * them, and its data by an unnamed pair of sockets, one of which QEMU hands over (docs/specs/tpm.rst).
 */
export const SWTPM_RULES = `${BEGIN}
owner /var/lib/passthrough-studio/vms/*/tpm/ r,
owner /var/lib/passthrough-studio/vms/*/tpm/** rwk,
owner /run/passthrough-studio/vms/*/tpm.sock rwk,
unix (send, receive) type=stream addr=none peer=(label=unconfined),
${END}
`

/** Adds our rules to what an administrator has added to the profile; rules of an earlier version make way. */
export function withSwtpmRules(text: string): string {
  if (text.includes(SWTPM_RULES)) return text
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(`${END}\n`)]
  const rest = begin >= 0 && end > begin ? text.slice(0, begin) + text.slice(end + END.length + 1) : text
  return `${rest === '' || rest.endsWith('\n') ? rest : `${rest}\n`}${SWTPM_RULES}`
}
