/** Every message of the protocol as JSON Schema, made from the schemas that messages are parsed with. */

import { z } from 'zod';
import { authorSchema, connectionSchema, orderSchema, schemas } from '../../../protocol/messages.ts';
import { recordsByEventSchema } from '../../../protocol/records-by-event.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** By the name that each has in an address. */
const named: Readonly<Record<string, z.ZodType>> = {
  order: orderSchema,
  by: authorSchema,
  connection: connectionSchema,
  ...Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      schema,
    ]),
  ),
};

export const schemaNames: readonly string[] = Object.keys(named);

const byEvent = 'records-by-event';

/**
 * By name, each referring to the others.
 * @param uri where the schema of a name is found
 */
export function jsonSchemas(
  uri: (name: string) => string,
  target: 'draft-2020-12' | 'draft-07' = 'draft-2020-12',
): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  registry.add(recordsByEventSchema, { id: byEvent });
  // As they are read: a message may have more than is known here, where its schema does not forbid it.
  const made = z.toJSONSchema(registry, { io: 'input', target, uri, override: withoutPattern }).schemas;
  const { [byEvent]: record, ...others } = made;
  return { ...others, record: { ...record, $id: uri('record') } };
}

/** A moment's format says the same as its pattern, in a word. */
function withoutPattern({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
