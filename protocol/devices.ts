/** Devices are the vehicles at the TCP door: what they report of themselves, and the commands that dispatch may send. */

import { z } from 'zod';
import { momentSchema } from './texts.ts';

export const deviceLimits = {
  /** Between two reports; 0 ends the reports. */
  reportSeconds: 86_400,
  /** How long a request may wait for a device's answer. */
  waitSeconds: 30,
} as const;

/** Any UUID, in small letters. */
export const deviceIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const deviceStatuses = ['RUNNING', 'RESTING'] as const;

/** What a device has reported of itself; all of it is absent before its first report. */
export const deviceReportSchema = z.object({
  /** In degrees, north and east being positive. */
  position: z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }).optional(),
  status: z.enum(deviceStatuses).optional(),
  battery: z.number().min(0).max(100).optional().meta({ description: 'In percent.' }),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

export const deviceSchema = z.object({
  id: z.string().regex(deviceIdPattern),
  hub: z.string().meta({ description: 'The `serverId` of the hub that it is, or was last, connected to.' }),
  connected: z.boolean(),
  connectedAt: momentSchema.meta({ description: 'When its latest connection said hello.' }),
  lastSeen: momentSchema,
  ...deviceReportSchema.shape,
  reportedAt: momentSchema.optional().meta({ description: 'When it last reported.' }),
});
export type Device = z.infer<typeof deviceSchema>;

// ---- commands ----

/** Every command, with `<n>` in place of a number. */
export const deviceCommands = [
  'KEEP ME POSTED EVERY <n> SECONDS.',
  'HEY YOU, RUN!',
  'HEY YOU, REST!',
  "HOW'S IT GOING?",
] as const;

const commandPattern =
  /^(KEEP ME POSTED EVERY (0|[1-9]\d{0,4}) SECONDS\.|HEY YOU, (RUN|REST)!|HOW'S IT GOING\?)$/;

/** A command as REST takes it and as the device gets it. */
export const deviceCommandSchema = z.strictObject({
  type: z.literal('command').optional(),
  message: z
    .string()
    .regex(commandPattern, `Is none of ${deviceCommands.map((command) => `"${command}"`).join(', ')}`)
    .refine(
      (message) => Number(commandPattern.exec(message)?.[2] ?? 0) <= deviceLimits.reportSeconds,
      `Has more than ${deviceLimits.reportSeconds} seconds`,
    ),
});

export const deviceAnswerSchema = z.object({
  message: z.string().meta({ description: 'What the device said.' }),
  time: momentSchema,
});
export type DeviceAnswer = z.infer<typeof deviceAnswerSchema>;

/** A command that was sent. */
export const sentCommandSchema = z.object({
  id: deviceSchema.shape.id,
  message: z.string(),
  hub: deviceSchema.shape.hub,
  sentAt: momentSchema,
  answer: deviceAnswerSchema.nullable(),
});

/** The routes of one device. */
export const ofDevice = {
  params: z.strictObject({ id: z.string().regex(deviceIdPattern).meta({ description: 'In any case.' }) }),
} as const;
