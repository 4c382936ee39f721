/**
 * Settings of Windows' components in the order of their schema, as Windows System Image Manager writes them: those with
 * others in them first, then plain ones, both by the alphabet (Microsoft, "Unattended Windows Setup Reference"). Those
 * that we use, each under the path that leads to it.
 */
export const ELEMENT_ORDER: Readonly<Record<string, readonly string[]>> = {
  'Microsoft-Windows-International-Core-WinPE': [
    ...['SetupUILanguage', 'InputLocale', 'LayeredDriver', 'SystemLocale', 'UILanguage', 'UILanguageFallback'],
    'UserLocale',
  ],
  SetupUILanguage: ['UILanguage', 'WillShowUI'],
  'Microsoft-Windows-International-Core': [
    ...['InputLocale', 'SystemLocale', 'UILanguage', 'UILanguageFallback', 'UserLocale'],
  ],
  'Microsoft-Windows-PnpCustomizationsWinPE': ['DriverPaths'],
  DriverPaths: ['PathAndCredentials'],
  PathAndCredentials: ['Credentials', 'Path'],
  'Microsoft-Windows-Setup': [
    ...['Diagnostics', 'DiskConfiguration', 'Display', 'DynamicUpdate', 'ImageInstall', 'PageFile'],
    ...['RunAsynchronous', 'RunSynchronous', 'UpgradeData', 'UserData', 'WindowsDeploymentServices'],
    ...['EnableFirewall', 'EnableNetwork', 'LogPath', 'Restart', 'UseConfigurationSet'],
  ],
  DiskConfiguration: ['Disk', 'DisableEncryptedDiskProvisioning', 'WillShowUI'],
  Disk: ['CreatePartitions', 'ModifyPartitions', 'DiskID', 'WillWipeDisk'],
  CreatePartitions: ['CreatePartition'],
  CreatePartition: ['Extend', 'Order', 'Size', 'Type'],
  ModifyPartitions: ['ModifyPartition'],
  ModifyPartition: ['Active', 'Extend', 'Format', 'Label', 'Letter', 'Order', 'PartitionID', 'TypeID'],
  ImageInstall: ['DataImage', 'OSImage'],
  OSImage: ['InstallFrom', 'InstallTo', 'Compact', 'InstallToAvailablePartition', 'WillShowUI'],
  InstallFrom: ['Credentials', 'MetaData', 'Path'],
  MetaData: ['Key', 'Value'],
  InstallTo: ['DiskID', 'PartitionID'],
  RunSynchronous: ['RunSynchronousCommand'],
  RunSynchronousCommand: ['Credentials', 'Description', 'Order', 'Path', 'WillReboot'],
  UserData: ['ProductKey', 'AcceptEula', 'FullName', 'Organization'],
  ProductKey: ['Key', 'WillShowUI'],
  'Microsoft-Windows-Deployment': [
    ...['ExtendOSPartition', 'Generalize', 'Reseal', 'RunAsynchronous', 'RunSynchronous'],
  ],
  'Microsoft-Windows-Shell-Setup': [
    ...['AutoLogon', 'Display', 'FirstLogonCommands', 'FolderLocations', 'LogonCommands', 'OEMInformation', 'OOBE'],
    ...['Themes', 'UserAccounts', 'VisualEffects', 'BluetoothTaskbarIconEnabled', 'ComputerName'],
    ...['CopyProfile', 'RegisteredOwner', 'TimeZone'],
  ],
  AutoLogon: ['Password', 'Domain', 'Enabled', 'LogonCount', 'Username'],
  Password: ['Value', 'PlainText'],
  FirstLogonCommands: ['SynchronousCommand'],
  SynchronousCommand: ['CommandLine', 'Description', 'Order', 'RequiresUserInput'],
  OOBE: [
    ...['VMModeOptimizations', 'HideEULAPage', 'HideLocalAccountScreen', 'HideOEMRegistrationScreen'],
    ...['HideOnlineAccountScreens', 'HideWirelessSetupInOOBE', 'NetworkLocation', 'ProtectYourPC'],
  ],
  UserAccounts: ['AdministratorPassword', 'DomainAccounts', 'LocalAccounts'],
  LocalAccounts: ['LocalAccount'],
  LocalAccount: ['Password', 'Description', 'DisplayName', 'Group', 'Name'],
}
