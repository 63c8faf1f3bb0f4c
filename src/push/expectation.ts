import type { core } from 'zod/mini';

/** Which field the first of some issues is about, and what was expected there, in words. */
export function expectation(issues: readonly core.$ZodIssue[]): { readonly where: string; readonly expected: string } {
  const [issue] = issues;
  if (!issue) return { where: 'message', expected: 'something else' };
  return { where: issue.path.join('.') || 'message', expected: inWords(issue) };
}

function inWords(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return names[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.minimum}${units[issue.origin] ?? ''}`;
    case 'too_big':
      return `at most ${issue.maximum}${units[issue.origin] ?? ''}`;
    case 'invalid_union':
      return 'a known one';
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'something else';
  }
}

const names: Readonly<Record<string, string>> = {
  number: 'a finite number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };
