import { stdout } from 'node:process'
import { runTool } from './run-tool.ts'

/** Runs a tool that does not end by itself, and prints its process id. */
await runTool('setpriv', ['--', '/bin/sh', '-c', 'echo $$; exec sleep 1000'], {
  timeoutMs: 600_000,
  onLine: (line) => stdout.write(line),
})
