/** Reads deploy/compose.yaml and deploy/Dockerfile, as far as their tests need it. */

import { parse } from 'yaml';

export interface HealthCheck {
  readonly test: readonly string[];
}

export interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: HealthCheck;
  readonly stop_grace_period?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export function readCompose(text: string): Compose {
  return parse(text) as Compose;
}

/**
 * Puts values for `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, as compose does.
 * @throws Error with the message
 */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind, more) => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    if (kind === '?') throw new Error(String(more));
    return kind === '-' ? String(more) : '';
  });
}

/** One line of a Dockerfile, continued lines joined. */
export interface Instruction {
  readonly name: string;
  /** `--from=pages` and the like, without their dashes. */
  readonly options: Readonly<Record<string, string>>;
  readonly rest: string;
}

/** Stages in order; each begins with its FROM. */
export function readDockerfile(text: string): Instruction[][] {
  const lines = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', words = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, flags = '', rest = ''] = /^((?:--\S+\s+)*)(.*)$/.exec(words) ?? [];
    const options = Array.from(flags.matchAll(/--([\w-]+)=(\S+)/g), ([, key = '', value = '']) => [
      key,
      value,
    ]);
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, options: Object.fromEntries(options), rest });
  }
  return stages;
}

/** The program and arguments of `CMD […]`, also within HEALTHCHECK. */
export function commandIn(instruction: Instruction | undefined): string[] {
  const [, list = '[]'] = /(\[.*\])\s*$/.exec(instruction?.rest ?? '') ?? [];
  return JSON.parse(list) as string[];
}
