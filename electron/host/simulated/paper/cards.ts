import type { DescribedDevice } from '../description.ts'

/** The paper's graphics card and its sound. */
export const CARD: readonly DescribedDevice[] = [
  {
    address: '0000:04:00.0',
    ids: '10de:13f1',
    class: '030000',
    kind: 'VGA compatible controller',
    name: 'NVIDIA Corporation GM204GL [Quadro M4000]',
    parent: '0000:00:03.0',
    subsystem: '10de:1153',
    revision: 'a1',
    driver: 'nouveau',
    modules: 'nouveau',
    group: 20,
    bootVga: true,
    resource: [
      '0x00000000fa000000 0x00000000faffffff 0x0000000000040200',
      '0x00000000c0000000 0x00000000cfffffff 0x000000000014220c',
      '0x0000000000000000 0x0000000000000000 0x0000000000000000',
      '0x00000000d0000000 0x00000000d1ffffff 0x000000000014220c',
    ],
    reset: 'bus',
    link: ['8.0 GT/s PCIe', '16'],
    drm: { card: 'card0', connectors: { 'DP-1': true, 'DP-2': false, 'DP-3': false, 'DP-4': false } },
  },
  {
    address: '0000:04:00.1',
    ids: '10de:0fbb',
    class: '040300',
    kind: 'Audio device',
    name: 'NVIDIA Corporation GM204 High Definition Audio Controller',
    parent: '0000:00:03.0',
    subsystem: '10de:1153',
    revision: 'a1',
    driver: 'snd_hda_intel',
    modules: 'snd_hda_intel',
    group: 20,
    resource: ['0x00000000fb080000 0x00000000fb083fff 0x0000000000040200'],
    reset: 'bus',
    link: ['8.0 GT/s PCIe', '16'],
    sound: 'card1',
  },
]

const NAME = 'Teradici Corp. TERA1200 PC-over-IP Host'
const COMMON = { parent: '0000:00:01.0', subsystem: '6549:1200', group: 19, name: NAME, reset: 'bus' } as const

/**
 * The paper's second passed card at 05:00: it compresses the picture for a zero client, and brings that client's USB and
 * sound. The paper tells its addresses and three functions; what classes they have is an assumption.
 */
export const PCOIP_CARD: readonly DescribedDevice[] = [
  { ...COMMON, address: '0000:05:00.0', ids: '6549:1200', class: '048000', kind: 'Multimedia controller' },
  {
    ...COMMON,
    address: '0000:05:00.1',
    ids: '6549:1201',
    class: '0c0310',
    kind: 'USB controller',
    driver: 'ohci-pci',
    modules: 'ohci_pci',
  },
  {
    ...COMMON,
    address: '0000:05:00.2',
    ids: '6549:1202',
    class: '040300',
    kind: 'Audio device',
    driver: 'snd_hda_intel',
    modules: 'snd_hda_intel',
  },
]
