/** What is plugged into the paper's workstation. The paper tells nothing of it; an ordinary desk, and a second disk. */
const CONTROLLER = '../../../devices/pci0000:00/0000:00:1a.0/usb1'
const KEYBOARD = `${CONTROLLER}/1-1/1-1.2`
const MOUSE = `${CONTROLLER}/1-1/1-1.3`
const STICK = `${CONTROLLER}/1-1/1-1.4`

interface Usb {
  port: string
  ids: string
  number: number
  maker: string
  product: string
  /** Class and protocol of its interface. */
  is: readonly [string, string]
}

const USB: readonly Usb[] = [
  { port: '1-1.2', ids: '046d:c31c', number: 3, maker: 'Logitech', product: 'USB Keyboard', is: ['03', '01'] },
  { port: '1-1.3', ids: '046d:c077', number: 4, maker: 'Logitech', product: 'USB Optical Mouse', is: ['03', '02'] },
  { port: '1-1.4', ids: '064f:2af9', number: 5, maker: 'WIBU-SYSTEMS', product: 'CodeMeter-Stick', is: ['08', '50'] },
]

const node = (number: number) => `/dev/bus/usb/001/${String(number).padStart(3, '0')}`

function usbFiles({ port, ids, number, maker, product, is: [classId, protocol] }: Usb): Record<string, string> {
  const at = `/sys/bus/usb/devices/${port}`
  const [vendor = '', id = ''] = ids.split(':')
  return {
    [`${at}/idVendor`]: `${vendor}\n`,
    [`${at}/idProduct`]: `${id}\n`,
    [`${at}/busnum`]: '1\n',
    [`${at}/devnum`]: `${number}\n`,
    [`${at}/bDeviceClass`]: '00\n',
    [`${at}/manufacturer`]: `${maker}\n`,
    [`${at}/product`]: `${product}\n`,
    [`${at}:1.0/bInterfaceClass`]: `${classId}\n`,
    [`${at}:1.0/bInterfaceProtocol`]: `${protocol}\n`,
  }
}

const INPUT = [
  {
    name: 'event3',
    what: 'Logitech USB Keyboard',
    number: '13:67',
    is: 'KEYBOARD',
    link: 'usb-Logitech_USB_Keyboard-event-kbd',
  },
  {
    name: 'event4',
    what: 'Logitech USB Optical Mouse',
    number: '13:68',
    is: 'MOUSE',
    link: 'usb-Logitech_USB_Optical_Mouse-event-mouse',
  },
] as const

const DISKS = [
  {
    name: 'sda',
    number: '8:0',
    sectors: 976_773_168,
    model: 'Samsung SSD 850',
    link: 'ata-Samsung_SSD_850_EVO_500GB',
    type: '',
  },
  { name: 'sda1', number: '8:1', sectors: 2_097_152, model: '', link: '', type: 'xfs' },
  {
    name: 'sdb',
    number: '8:16',
    sectors: 1_953_525_168,
    model: 'WDC WD10EZEX-08W',
    link: 'ata-WDC_WD10EZEX-08WN4A0',
    type: '',
  },
] as const

export const PLUGGED_FILES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(USB.flatMap((device) => Object.entries(usbFiles(device)))),
  ...Object.fromEntries(
    INPUT.flatMap(({ name, what, number, is, link }): [string, string][] => [
      [`/sys/class/input/${name}/dev`, `${number}\n`],
      [`/sys/class/input/${name}/device/name`, `${what}\n`],
      [`/run/udev/data/c${number}`, `S:input/by-id/${link}\nE:ID_INPUT_${is}=1\n`],
    ]),
  ),
  ...Object.fromEntries(
    DISKS.flatMap(({ name, number, sectors, model, link, type }): [string, string][] => [
      [`/sys/class/block/${name}/dev`, `${number}\n`],
      [`/sys/class/block/${name}/size`, `${sectors}\n`],
      [`/sys/class/block/${name}/ro`, '0\n'],
      ...(model === '' ? [] : [[`/sys/class/block/${name}/device/model`, `${model}\n`] satisfies [string, string]]),
      [
        `/run/udev/data/b${number}`,
        `${link === '' ? '' : `S:disk/by-id/${link}\n`}${type === '' ? '' : `E:ID_FS_TYPE=${type}\n`}E:DEVTYPE=disk\n`,
      ],
    ]),
  ),
}

export const PLUGGED_DIRS: Readonly<Record<string, readonly string[]>> = {
  '/sys/bus/usb/devices': [...USB.flatMap(({ port }) => [port, `${port}:1.0`]), 'usb1'],
  '/sys/class/input': INPUT.map(({ name }) => name),
}

export const PLUGGED_LINKS: Readonly<Record<string, string>> = {
  '/sys/bus/usb/devices/1-1.2': KEYBOARD,
  '/sys/bus/usb/devices/1-1.3': MOUSE,
  '/sys/bus/usb/devices/1-1.4': STICK,
  '/sys/class/block/sda1': '../../devices/pci0000:00/0000:00:1f.2/block/sda/sda1',
  '/sys/class/input/event3': `${KEYBOARD}/1-1.2:1.0/0003:046D:C31C.0001/input/input3/event3`,
  '/sys/class/input/event4': `${MOUSE}/1-1.3:1.0/0003:046D:C077.0002/input/input4/event4`,
}

export const PLUGGED_OWNERS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(USB.map(({ number }) => [node(number), 0])),
  '/dev/input/event3': 0,
  '/dev/input/event4': 0,
  '/dev/sda': 0,
  '/dev/sdb': 0,
}
