import type { Loader } from './loader.ts'

/** NixOS renders everything from its configuration; what is written beside it is lost at the next rebuild. */
export const nixos: Loader = {
  id: 'nixos',
  name: 'NixOS',
  provenOn: 'recorded trees only',
  plan: () => [],
  rescue: () => ({ kind: 'inherent', text: 'The generations of before stay in the boot menu, without our arguments.' }),
  untouched: {
    why: 'NixOS takes its arguments from its configuration, which only you change.',
    advice: () =>
      'Take the lines on this page (on a terminal: plan boot) into your configuration, rebuild, reboot, and check again.',
  },
}
