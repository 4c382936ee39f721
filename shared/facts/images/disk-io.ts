import { z } from 'zod'

/** `io_uring`, or Linux' own asynchronous I/O (qemu(1), -blockdev, aio). */
export const diskIo = z.enum(['io_uring', 'native'])
