import { definitionText } from '#core/definition/definition.ts'
import { startScript } from '#core/definition/qemu/script.ts'
import { OWN_FILES } from '#shared/base/own-files.ts'
import { editEntryOptions } from '#shared/facts/boot/loader-entry.ts'
import type { RecipeKind, RecipeOf } from '#shared/plan/recipe.ts'
import { vmPaths } from '#shared/vm/vm.ts'
import { withSwtpmRules } from './apparmor/swtpm-rules.ts'
import { grubDefaults, grubDropIn, kernelCmdline } from './boot/boot-texts.ts'
import { withHook, withModules } from './boot/mkinitcpio-conf.ts'
import { entryRescueText, grubRescueText } from './boot/rescue-texts.ts'
import { cmdlineDropIn, dracutCmdline } from './boot/unified-texts.ts'
import { earlyScript } from './early-bind.ts'
import { type OwnText, plain, program } from './file.ts'
import { FIXED } from './fixed-texts.ts'
import { hostText } from './host-script/host-script.ts'
import { withManualUplink } from './interfaces-file.ts'
import { nmBridge, nmPort } from './network-manager-texts.ts'
import { interfacesBridge, networkdBridge, networkdNetdev, networkdPort } from './network-texts.ts'
import { virtualScript } from './virtual-functions.ts'
import { autostartText, autostartWantText, startRuleText, vmUnitText } from './vm-unit.ts'

/** How a text is made. `source`: the text of the file it starts from; null: of one that is not there nothing is made. */
interface Maker<R> {
  source: (recipe: R) => string | null
  make: (recipe: R, source: string) => OwnText | null
  /** What stands for a source that is not there. */
  missing: string | null
}
type Makers = { readonly [K in RecipeKind]: Maker<RecipeOf<K>> }

/** From parameters alone. */
function free<R>(make: (recipe: R) => OwnText): Maker<R> {
  return { source: () => null, make, missing: '' }
}

/** Of a file that has to be there: an edit of it, or a copy. */
function over<R>(source: (recipe: R) => string, make: Maker<R>['make']): Maker<R> {
  return { source, make, missing: null }
}

function edited(path: string, text: string | null): OwnText | null {
  return text === null ? null : plain(path, text)
}

const MAKERS: Makers = {
  fixed: free(({ text }) => FIXED[text]),
  'init-top': free(({ functions }) => program(OWN_FILES.initramfsInitTop, earlyScript(functions))),
  'early-script': free(({ functions }) => program(OWN_FILES.earlyScript, earlyScript(functions))),
  'virtual-functions': free((recipe) => program(OWN_FILES.virtualScript, virtualScript(recipe))),
  'grub-drop-in': {
    source: () => OWN_FILES.grubDropIn,
    make: ({ args, remove = [] }, now) => plain(OWN_FILES.grubDropIn, grubDropIn(now, { add: args, remove })),
    missing: '',
  },
  'grub-defaults': over(
    () => OWN_FILES.grubDefaults,
    ({ variable, args, remove = [] }, now) =>
      edited(OWN_FILES.grubDefaults, grubDefaults(now, variable, { add: args, remove })),
  ),
  'kernel-cmdline': over(
    ({ from }) => from ?? OWN_FILES.kernelCmdline,
    ({ from, args, remove = [] }, source) =>
      plain(OWN_FILES.kernelCmdline, kernelCmdline(source, from, { add: args, remove })),
  ),
  'dracut-cmdline': {
    source: ({ from }) => from ?? OWN_FILES.dracutCmdline,
    make: ({ from, args, remove = [] }, source) =>
      edited(OWN_FILES.dracutCmdline, dracutCmdline(source, from, { add: args, remove })),
    missing: '',
  },
  'cmdline-drop-in': {
    source: () => OWN_FILES.cmdlineDropIn,
    make: ({ args }, now) => plain(OWN_FILES.cmdlineDropIn, cmdlineDropIn(now, args)),
    missing: '',
  },
  'loader-entry': over(
    ({ path }) => path,
    ({ path, args, remove = [] }, now) => plain(path, editEntryOptions(now, { add: args, remove })),
  ),
  'mkinitcpio-conf': over(
    () => OWN_FILES.mkinitcpioConf,
    ({ hook }, now) => plain(OWN_FILES.mkinitcpioConf, hook ? withHook(withModules(now)) : withModules(now)),
  ),
  'grub-rescue': over(
    ({ menu }) => menu,
    ({ entry, title }, menu) => grubRescueText(menu, entry, title),
  ),
  'loader-rescue': over(
    ({ source }) => source,
    ({ source, title }, text) => entryRescueText(source, text, title),
  ),
  'nm-bridge': free(nmBridge),
  'nm-port': free(nmPort),
  'networkd-netdev': free(networkdNetdev),
  'networkd-bridge': over<RecipeOf<'networkd-bridge'>>(({ source }) => source, networkdBridge),
  'networkd-port': free(networkdPort),
  'interfaces-bridge': over<RecipeOf<'interfaces-bridge'>>(({ source }) => source, interfacesBridge),
  interfaces: over(
    ({ path }) => path,
    ({ path, uplink }, now) => plain(path, withManualUplink(now, uplink)),
  ),
  'vm-definition': free(({ definition }) => plain(vmPaths(definition.name).definition, definitionText(definition))),
  'vm-host': free(({ definition }) => hostText(definition)),
  'vm-unit': free(({ definition }) => vmUnitText(definition)),
  'vm-rule': free(({ definition }) => startRuleText(definition)),
  'vm-autostart': free(({ definition }) => autostartText(definition)),
  'vm-autostart-want': free(({ definition }) => autostartWantText(definition)),
  'swtpm-rules': {
    source: () => OWN_FILES.swtpmRules,
    make: (_recipe, now) => plain(OWN_FILES.swtpmRules, withSwtpmRules(now)),
    missing: '',
  },
  'vm-script': free(({ definition, qemu }) => program(vmPaths(definition.name).script, startScript(definition, qemu))),
}

function makerOf<K extends RecipeKind>(recipe: RecipeOf<K>): Maker<RecipeOf<K>> {
  return MAKERS[recipe.of]
}

/** Returns the file whose present text a recipe starts from: the one it edits or copies; null: it needs none. */
export function sourceOf<K extends RecipeKind>(recipe: RecipeOf<K>): string | null {
  return makerOf(recipe).source(recipe)
}

/**
 * Returns the file a recipe stands for. The steps plan by it, and root makes every text once more by it before anything
 * is written. `source`: the text of `sourceOf`, null when there is none. Null: nothing can be made of that source.
 */
export function ownText<K extends RecipeKind>(recipe: RecipeOf<K>, source: string | null): OwnText | null {
  const { make, missing } = makerOf(recipe)
  const text = source ?? missing
  return text === null ? null : make(recipe, text)
}
