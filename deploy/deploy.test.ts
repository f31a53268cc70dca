/** Holds the files of deploy against the hub, and against each other. cluster/ runs them. */

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../server/config.ts';
import { commandIn, interpolate, readCompose, readDockerfile } from '../testkit/containers.ts';
import { startRealHub } from '../testkit/real-hub.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const read = (name: string): string => readFileSync(join(here, name), 'utf8');

const compose = readCompose(read('compose.yaml'));
const services = Object.entries(compose.services);
const hubs = services.filter(([, { build }]) => build);
const stages = readDockerfile(read('Dockerfile'));
const image = stages.at(-1) ?? [];
const first = (name: string) => image.find((one) => one.name === name);
const secrets = { POSTGRES_PASSWORD: 'f00d' };

/** The settings that the hub reads. */
const settings = new Set<string>();
readConfig(new Proxy({}, { get: (_, name) => void settings.add(String(name)) }));

describe('compose.yaml', () => {
  it('has two hubs that differ in nothing but their name', () => {
    expect(hubs.map(([name]) => name)).toEqual(['hub-1', 'hub-2']);
    expect(hubs[0]?.[1]).toEqual(hubs[1]?.[1]);
  });

  it('tells the hubs only what they understand', () => {
    for (const [, { environment = {} }] of hubs) {
      expect(Object.keys(environment).filter((name) => !settings.has(name))).toEqual([]);
      const values = Object.entries(environment).map(([name, value]) => [name, interpolate(value, secrets)]);
      const { databaseUrl = '', redisUrl = '', ...others } = readConfig(Object.fromEntries(values));
      expect(new URL(databaseUrl)).toMatchObject({ hostname: 'postgres', password: 'f00d' });
      expect(new URL(redisUrl).hostname).toBe('redis');
      expect(others).toMatchObject({ trustProxy: 1, drainMs: 10_000, adminKey: undefined });
    }
  });

  it('has no password: who sets none is told where to put one', () => {
    expect(() => interpolate(read('compose.yaml'), {})).toThrow('put POSTGRES_PASSWORD into deploy/.env');
    expect(existsSync(join(here, '.env'))).toBe(false);
    const { environment = {} } = compose.services['postgres'] ?? {};
    expect(interpolate(environment['POSTGRES_PASSWORD'] ?? '', secrets)).toBe('f00d');
  });

  it('opens the balancer’s ports and no others; the database and the bell cannot be reached from outside', () => {
    const open = services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
    expect(open).toEqual(['haproxy']);
    expect(compose.networks['inside']?.internal).toBe(true);
    for (const name of ['postgres', 'redis']) expect(compose.services[name]?.networks).toEqual(['inside']);
    expect(compose.services['haproxy']?.networks).toEqual(['outside']);
  });

  it('starts each service after those that it needs are healthy', () => {
    for (const [, { depends_on: needs = {} }] of services) {
      for (const [name, { condition }] of Object.entries(needs)) {
        expect([name, condition]).toEqual([name, 'service_healthy']);
        const { healthcheck, build } = compose.services[name] ?? {};
        // A hub's is in its image.
        expect(healthcheck ?? (build && first('HEALTHCHECK'))).toBeDefined();
      }
    }
    expect(Object.keys(compose.services['haproxy']?.depends_on ?? {})).toEqual(['hub-1', 'hub-2']);
    for (const [, { depends_on: needs = {} }] of hubs)
      expect(Object.keys(needs)).toEqual(['postgres', 'redis']);
  });

  it('waits for a hub that drains and stops', () => {
    for (const [, { stop_grace_period: grace, environment }] of hubs) {
      expect(Number.parseInt(grace ?? '', 10)).toBeGreaterThan(Number(environment?.['CAPS_DRAIN']) + 10);
    }
  });

  it('names files, folders, networks and volumes that are there', () => {
    for (const [, { build, volumes = [], networks = [] }] of services) {
      if (build) expect(existsSync(join(here, build.context, build.dockerfile))).toBe(true);
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of volumes) {
        const [source = ''] = interpolate(volume, {}).split(':');
        if (source.startsWith('.')) expect(existsSync(join(here, source))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });
});

describe('haproxy.cfg', () => {
  const config = read('haproxy.cfg');
  const presets = new Set(Array.from(config.matchAll(/^ {2}presetenv (\w+) /gm), ([, name]) => name));
  const { environment = {}, ports = [], volumes = [] } = compose.services['haproxy'] ?? {};

  it('has a value for each name that it uses, and compose.yaml sets exactly these', () => {
    const used = new Set(Array.from(config.matchAll(/"\$(\w+)"/g), ([, name]) => name));
    expect(used).toEqual(presets);
    expect(new Set(Object.keys(environment))).toEqual(presets);
  });

  it('is where the image looks for it, and finds the hubs, the certificates and the published ports', () => {
    const targets = volumes.map((volume) => interpolate(volume, {}).split(':'));
    expect(targets.map(([, target]) => target)).toEqual([
      '/usr/local/etc/haproxy/haproxy.cfg',
      environment['CERTIFICATES'],
    ]);
    const bound = ['HTTP', 'HTTPS', 'TCP'].map((name) => environment[name]?.slice(1));
    expect(ports.map((port) => port.split(':')[1])).toEqual(bound);
    const exposed = first('EXPOSE')?.rest.split(' ');
    const { port, tcpPort } = readConfig({});
    expect(exposed).toEqual([`${port}`, `${tcpPort}`]);
    for (const place of [1, 2]) {
      expect(environment[`HUB_${place}`]).toBe(`hub-${place}:${port}`);
      expect(environment[`HUB_${place}_TCP`]).toBe(`hub-${place}:${tcpPort}`);
    }
  });
});

describe('Dockerfile', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = stages.flat().flatMap(({ name, options, rest }) => {
      return name === 'COPY' && !('from' in options) ? rest.split(' ').slice(0, -1) : [];
    });
    for (const path of copied) {
      expect([path, existsSync(path)]).toEqual([path, true]);
      expect(allowed.filter((one) => path === one || path.startsWith(`${one}/`))).toHaveLength(1);
    }
    for (const path of allowed)
      expect(copied.some((one) => one === path || one.startsWith(`${path}/`))).toBe(true);
  });

  it('starts the hub as npm start does, as a user without rights, with its data in a volume', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    expect(commandIn(first('CMD')).join(' ')).toBe(scripts.start);
    expect(first('USER')?.rest).toBe('node');
    expect(first('ENV')?.rest).toContain(`CAPS_DATA=${first('VOLUME')?.rest}`);
    const data = image.find(({ rest }) => rest.endsWith(` ${first('VOLUME')?.rest}`));
    expect(data?.options).toMatchObject({ chown: 'node:node' });
  });

  it('runs nothing in its last stage, so that it can be built for another processor', () => {
    expect(image.filter(({ name }) => name === 'RUN')).toEqual([]);
    for (const [from] of stages.slice(0, -1)) expect(from?.options).toEqual({ platform: '$BUILDPLATFORM' });
  });
});

describe('health checks', () => {
  const [program = '', ...args] = commandIn(first('HEALTHCHECK'));
  const [, wget = '', ...wgetArgs] = compose.services['haproxy']?.healthcheck?.test ?? [];

  it('of the hub and of the balancer succeed at a hub that is ready, and fail at one that drains or is gone', async () => {
    const hub = await startRealHub({ CAPS_DRAIN: '600' });
    const inPath = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
    const checks = {
      hub: () => run(program, args, { env: { ...inPath, PORT: `${hub.port}` } }),
      balancer: () =>
        run(
          wget,
          wgetArgs.map((arg) => arg.replace(':8080', `:${hub.port}`)),
        ),
    };
    const results = async () =>
      Promise.all(
        Object.values(checks).map((check) =>
          check().then(
            () => true,
            () => false,
          ),
        ),
      );
    expect(await results()).toEqual([true, true]);
    const drained = hub.drain();
    expect(await results()).toEqual([false, false]);
    await hub.close();
    await drained;
    expect(await results()).toEqual([false, false]);
    expect(hub.faults).toEqual([]);
  });
});

it('README.md names each file of the folder', () => {
  const text = read('README.md');
  for (const name of ['compose.yaml', 'Dockerfile', 'haproxy.cfg', 'caps.service', 'certificates'])
    expect(text).toContain(name);
  const links = Array.from(text.matchAll(/\]\(([^)#]+)/g), ([, link = '']) => link);
  for (const link of links) expect([link, existsSync(posix.join(here, link))]).toEqual([link, true]);
});
