/** Words of makers' names for devices that are plugged in. */
export const DEVICE_WORDS = `
  a4tech adapter adata amd american ami anywhere apc apple aquantia asrock asus at atheros audio aura backlit
  bluetooth bolt broadcom bus button cam camera card ccid cd cherry chicony co com composite consumer control
  controller conversion corp corporation corsair craft crucial data dell device digital disk dp drive dualsense
  dualshock dvd eaton ehci elan electronics elite ergo evo extra fido finger flash foundation front g502 gamepad
  gaming generic genius gigabyte gt harddisk hd hdd hdmi headphones headset hgst hitachi holtek host hp hub hynix
  hyperx inc intel interface intuos joystick k120 k400 keyboard keys kingston kioxia led lenovo lightspeed line
  linux lite logi logitech ltd m185 m2 marvell mass master mechanical mediatek megatrends mellanox memory mic
  micron microphone microsoft mini mouse msi multimedia mx nas nvidia nvme ohci on optane optical otp pad patriot
  pc pcm pen plus power powerplay primax pro qemu qualcomm radio ralink razer reader realtek rear receiver roccat
  rom root sabrent samsung sandisk sata seagate semiconductor set sino sk sleep slim smart solidigm sonix sony
  speaker ssd standard steelseries storage superlight supermicro synaptics system tablet technologies technology
  toshiba touchpad trackpoint transcend translated traveler uhci ultra unifying ups usb vbox video virtual vmware
  wacom wdc webcam western wheel wired wireless xbox xhci yubico yubikey
`
