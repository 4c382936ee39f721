import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'

/** SpiceLinkHeader: magic, version 2.2 and the length of what follows. SpiceLinkReply begins with its own and an error. */
const HEADER_BYTES = 16
const KEY = { at: HEADER_BYTES + 4, bytes: 162 }

/** Connects as a SPICE viewer does, by the main channel alone (spice-protocol, spice/protocol.h). */
export async function spiceViewer(path: string): Promise<Socket> {
  const viewer = createConnection(path)
  viewer.write(linkMessage())
  const [reply] = (await once(viewer, 'data')) as [Buffer]
  const key = createPublicKey({ key: reply.subarray(KEY.at, KEY.at + KEY.bytes), format: 'der', type: 'spki' })
  // A ticket that nobody asks for is sent all the same.
  viewer.write(publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, Buffer.from([0])))
  return viewer
}

/** SpiceLinkMess: a new session, channel type 1, no capabilities. */
function linkMessage(): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + 18)
  message.write('REDQ')
  for (const [at, word] of [2, 2, 18].entries()) message.writeUInt32LE(word, 4 + at * 4)
  message.writeUInt8(1, HEADER_BYTES + 4)
  message.writeUInt32LE(18, HEADER_BYTES + 14)
  return message
}
