import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** Lists the values of the field that tells a union's members apart, if the input named none of them. */
function choices(issue: Issue): string | undefined {
  const options: unknown = 'options' in issue ? issue.options : undefined;
  return Array.isArray(options) ? `Must be one of ${options.map(String).join(', ')}` : undefined;
}

/** The message of a schema without its own. It follows the field's name: `payload.customer: Is missing.` */
export function wordsFor(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'Is missing';
      return `Must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `Must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'Is empty';
      return `Must be at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `Has more than ${issue.maximum} characters`;
      if (issue.origin === 'array') return `Has more than ${issue.maximum} entries`;
      return `Must be at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'Must be a time with its zone, like 2026-11-20T10:00:00Z'
        : undefined;
    case 'invalid_union':
      return choices(issue) ?? 'Is not understood';
    default:
      return undefined;
  }
}
