// The least an Electron app can be: one window with one page. What the bench compares with.
const { BrowserWindow, app } = require('electron')

app.on('window-all-closed', () => undefined)
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false })
  window.once('ready-to-show', () => window.show())
  void window.loadFile(require.resolve('./index.html'))
})
