import { vmUser } from '#core/definition/definition.ts'
import type { Situation } from '#core/situation.ts'
import { earlyScript } from '#core/texts/early-bind.ts'
import type { Facts } from '#shared/facts/facts.ts'
import { NEW_BRIDGE } from '#shared/facts/network.ts'
import { lockedKiB } from '#shared/vm/vm.ts'
import type { HostText } from '#shared/wizard/host-text.ts'
import { earlyFunctions } from '../bind/bind-plan.ts'
import { editNow, wantedArgs } from '../boot/edit.ts'
import { nixLines, nixList, nixString } from './nix-text.ts'

/** Steps that have a part of the module. */
type Part = 'kernel' | 'boot' | 'bind' | 'network' | 'definition'

const NUMBER: Readonly<Record<Part, number>> = { kernel: 2, boot: 3, bind: 5, network: 7, definition: 8 }
const FILE = '/etc/nixos/passthrough-studio.nix'

/** Returns whether /etc is made from a configuration that this program does not write. */
export function isNixos({ host }: Facts): boolean {
  return host.osId === 'nixos'
}

/** Returns the whole module, on the page of each step that has a part of it; null where the host is not NixOS. */
export function nixosText(situation: Situation, part: Part): HostText | null {
  if (!isNixos(situation.facts)) return null
  return {
    title: 'For NixOS',
    about: `${ABOUT} The part of this step begins with "# Step ${NUMBER[part]}".`,
    text: nixosModule(situation),
  }
}

const ABOUT = `Nothing below /etc is written on NixOS: it is made from your configuration. Save these lines as ${FILE}, add that file to "imports" of your configuration, run "nixos-rebuild boot" and reboot. They are one module for all steps, and change with your choices. Nix reads them; they were not booted.`

/** Returns a module of NixOS with what the steps want of this host. */
export function nixosModule(situation: Situation): string {
  const parts = [kernel(), boot(situation), bind(situation), network(situation), definition(situation)]
  return `# Passthrough Studio, for this host and what is chosen. Nothing but this file is needed.
{ config, lib, pkgs, ... }:
{
${parts.filter((text) => text !== '').join('\n')}}
`
}

/** As modules-load.d and the initramfs have it elsewhere. */
function kernel(): string {
  return `  # Step 2: the driver that holds devices for a VM, from the initramfs on.
  boot.initrd.kernelModules = [ "vfio" "vfio_iommu_type1" "vfio_pci" ];
`
}

function boot(situation: Situation): string {
  const args = wantedArgs(situation)
  const { remove } = editNow(situation)
  const out = remove.length === 0 ? '' : `  # Take ${remove.join(' ')} out of boot.kernelParams elsewhere.\n`
  const words =
    args.length === 0
      ? '  # Step 3: no argument is needed.\n'
      : `  # Step 3: what the kernel is told.\n  boot.kernelParams = ${nixList(args)};\n`
  return `${words}${out}`
}

/**
 * The rule of step 5 in both kinds of initramfs: stage 1 as a script runs preDeviceCommands before it loads any module,
 * the one with systemd starts a service. The script ends by itself, so a shell of its own runs it.
 */
function bind(situation: Situation): string {
  const functions = earlyFunctions(situation)
  if (functions.length === 0) return '  # Step 5: nothing is kept for VMs at each boot.\n'
  const rule = `(\nset --\nPATH=/bin:/sbin:$PATH\n${earlyScript(functions)})\n`
  return `  # Step 5: these functions go to vfio-pci before any other driver is loaded.
  boot.initrd.preDeviceCommands = lib.mkIf (!config.boot.initrd.systemd.enable) ${nixLines(rule, '  ')};
  boot.initrd.systemd.services.passthrough-studio-early-bind = lib.mkIf config.boot.initrd.systemd.enable {
    description = "Binds functions to vfio-pci";
    wantedBy = [ "initrd.target" ];
    before = [ "systemd-modules-load.service" "systemd-udevd.service" "systemd-udev-trigger.service" ];
    unitConfig.DefaultDependencies = false;
    serviceConfig.Type = "oneshot";
    serviceConfig.RemainAfterExit = true;
    script = ${nixLines(rule, '    ')};
  };
`
}

/** A bridge over the link of the default route, as NixOS's own scripts or networkd make it (networking.bridges). */
function network({ facts, choices }: Situation): string {
  const { uplink } = facts.network
  if (choices.network.mode !== 'bridge' || uplink === null)
    return '  # Step 7: the VM’s network is private; nothing is needed.\n'
  const bridge = choices.network.bridge ?? NEW_BRIDGE
  const there = facts.network.links.some(({ name, kind }) => name === bridge && kind === 'bridge')
  if (there) return `  # Step 7: the bridge ${bridge} is there; it stays in your configuration.\n`
  return `  # Step 7: a bridge over ${uplink}. An address that you gave to ${uplink} goes to the bridge.
  networking.bridges.${nixString(bridge)}.interfaces = ${nixList([uplink])};
  networking.interfaces.${nixString(bridge)}.useDHCP = true;
  networking.interfaces.${nixString(uplink)}.useDHCP = false;
`
}

function definition(situation: Situation): string {
  const { facts } = situation
  const user = vmUser(facts)
  const memory = situation.definition?.memoryMiB ?? facts.memory.totalMiB
  return `  # Step 8: QEMU with its UEFI firmware where it is looked for, and a TPM.
  environment.systemPackages = [ pkgs.qemu_kvm pkgs.swtpm pkgs.pciutils ];
  environment.etc."qemu/firmware".source = pkgs.qemu_kvm + "/share/qemu/firmware";
${
  user === null
    ? '  # No account can run a VM yet.\n'
    : `  # ${user.name} may use KVM and the groups of VFIO, and lock as much memory as the VM has (in KiB).
  users.users.${nixString(user.name)}.extraGroups = [ "kvm" ];
  services.udev.extraRules = ${nixLines(`SUBSYSTEM=="vfio", OWNER="${user.uid}"\n`, '  ')};
  security.pam.loginLimits = [
    { domain = ${nixString(user.name)}; type = "-"; item = "memlock"; value = "${lockedKiB(memory)}"; }
  ];
`
}`
}
