/** JSON Schema of every message, generated from the schemas that parse messages. */

import { z } from 'zod';
import { authorSchema, connectionSchema, schemas } from '../../../protocol/messages.ts';
import { orderSchema } from '../../../protocol/orders.ts';
import { recordsByEventSchema } from '../../../protocol/records-by-event.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keyed by their names in addresses. */
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

/** Schemas by name, referring to each other. @param uri address of a schema by name */
export function jsonSchemas(
  uri: (name: string) => string,
  target: 'draft-2020-12' | 'draft-07' = 'draft-2020-12',
): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  registry.add(recordsByEventSchema, { id: byEvent });
  // Input schemas: a message may have unknown fields where its schema allows it.
  const made = z.toJSONSchema(registry, { io: 'input', target, uri, override: withoutPattern }).schemas;
  const { [byEvent]: record, ...others } = made;
  return { ...others, record: { ...record, $id: uri('record') } };
}

/** A timestamp's format says the same as its pattern. */
function withoutPattern({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
