import type { Loader } from './loader.ts'

/** NixOS renders everything from its configuration; what is written beside it is lost at the next rebuild. */
export const nixos: Loader = {
  id: 'nixos',
  name: 'NixOS',
  provenOn: 'recorded trees only',
  plan: () => [],
  rescue: () => ({ kind: 'inherent', text: 'The generations of before stay in the boot menu, without our arguments.' }),
  advice: ({ add, remove }) =>
    [
      'Nothing is written on NixOS. Add this to /etc/nixos/configuration.nix, run "nixos-rebuild boot", then reboot:',
      ...(add.length === 0 ? [] : [`boot.kernelParams = [ ${add.map((arg) => `"${arg}"`).join(' ')} ];`]),
      'boot.initrd.kernelModules = [ "vfio_pci" "vfio" "vfio_iommu_type1" ];',
      ...(remove.length === 0 ? [] : [`Take ${remove.join(' ')} out of boot.kernelParams.`]),
    ].join('\n'),
}
