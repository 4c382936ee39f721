import type { Holder } from './facts.ts'

/** The login screen under the name that every desktop gives it. */
export const LOGIN_SCREEN = 'display-manager.service'

const COMPOSITOR =
  /^(Xorg|X|Xwayland|gnome-shell|kwin_(wayland|x11)|sway|Hyprland|weston|mutter|cosmic-comp|plasmashell)$/u

/** Programs known to hold cards, and how each is stopped. Names are cut at 15 characters by the kernel (comm). */
const STOP: readonly [RegExp, string][] = [
  [/^nvidia-persiste/u, 'Stop NVIDIA’s persistence daemon: systemctl stop nvidia-persistenced.'],
  [/^nvidia-powerd/u, 'Stop nvidia-powerd: systemctl stop nvidia-powerd.'],
  [COMPOSITOR, 'Log out of the graphical session.'],
  [/^(gdm|sddm|lightdm|greetd|ly)/u, 'Stop the login screen: systemctl stop display-manager.'],
  [/^ollama/u, 'Stop Ollama: systemctl stop ollama.'],
  [/^(pipewire|wireplumber|pulseaudio)/u, 'Stop the sound that plays through the card.'],
  [/^(qemu|kvm)/u, 'Shut the VM down first.'],
]

/** Services that end programs known to hold cards. A login screen ends the graphical sessions it began. */
const SERVICE: readonly [RegExp, string][] = [
  [/^nvidia-persiste/u, 'nvidia-persistenced.service'],
  [/^nvidia-powerd/u, 'nvidia-powerd.service'],
  [/^ollama/u, 'ollama.service'],
  [COMPOSITOR, LOGIN_SCREEN],
  [/^(gdm|sddm|lightdm|greetd|ly)/u, LOGIN_SCREEN],
]

/** Returns the service whose end is that of a program too, as a rule; null: none is known. */
export function serviceOf({ name }: Pick<Holder, 'name'>): string | null {
  return SERVICE.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/**
 * Returns whether a program may end with these services. Of one that is not known it cannot be told: a graphical session
 * may have begun it, or a service that somebody named; the VM's start looks once more, by control group.
 */
export function mayEndWith(holder: Pick<Holder, 'name'>, services: readonly string[]): boolean {
  const own = serviceOf(holder)
  if (own !== null) return services.includes(own)
  return services.some((id) => id === LOGIN_SCREEN || !SERVICE.some(([, known]) => known === id))
}

/** `Xorg (pid 912, user designer), sleep (pid 1200, user root)`, each process once. */
export function holderNames(holders: readonly Holder[]): string {
  const names = holders.map(({ name, pid, user }) => `${name} (pid ${pid}${user === null ? '' : `, user ${user}`})`)
  return [...new Set(names)].join(', ')
}

/** Returns what to stop, in one or more sentences. */
export function stopAdvice(holders: readonly Holder[]): string {
  const known = holders.flatMap(({ name }) => STOP.find(([pattern]) => pattern.test(name))?.[1] ?? [])
  return known.length === 0 ? 'Close them, or log out of the graphical session.' : [...new Set(known)].join(' ')
}

/**
 * Nodes whose users bar taking the card away: with some drivers the write would wait for them for ever. Sound
 * counts only while it plays (a pcm node is open); mixers keep their control node open all the time and let go.
 */
export function blocksUnbind(holder: Holder): boolean {
  return /^\/dev\/(dri\/|nvidia|vfio\/)|^\/dev\/snd\/pcm/u.test(holder.node)
}

/** udev looks at what is on a disk whenever somebody has written to it, and lets go again. */
export function onlyLooks({ name, user }: Holder): boolean {
  return user === 'root' && /^(\(udev-worker\)|systemd-udevd)$/u.test(name)
}
