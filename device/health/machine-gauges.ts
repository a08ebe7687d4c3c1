/** What a scrape finds out about the machine. */
import type { Registry } from 'prom-client';
import { gauge } from './gauges.ts';
import type { Machine } from './machine.ts';

export function machineGauges(registry: Registry, machine: Machine): void {
  gauge(
    registry,
    { name: 'lookdial_cpu_load_ratio', help: 'Share of its time that the processor was at work' },
    async set => set((await machine.read()).cpu.load),
  );
  gauge(
    registry,
    { name: 'lookdial_memory_bytes', help: 'Memory of the machine, and what a program could have', labels: ['kind'] },
    async set => {
      const { total, available } = (await machine.read()).memory;
      set(total, { kind: 'total' });
      set(available, { kind: 'available' });
    },
  );
  gauge(
    registry,
    { name: 'lookdial_disk_bytes', help: 'The disk of the state folder, and what is free', labels: ['kind'] },
    async set => {
      const { size, free } = (await machine.read()).disk;
      set(size, { kind: 'size' });
      set(free, { kind: 'free' });
    },
  );
  gauge(
    registry,
    { name: 'lookdial_gpu_load_ratio', help: 'Share of its time that the GPU was at work' },
    async set => {
      const { gpuLoad } = await machine.read();
      if (gpuLoad !== null) set(gpuLoad);
    },
  );
  gauge(
    registry,
    { name: 'lookdial_temperature_celsius', help: 'Temperature of a zone of the machine', labels: ['zone'] },
    async set => {
      for (const { name, celsius } of (await machine.read()).zones) set(celsius, { zone: name });
    },
  );
  gauge(
    registry,
    { name: 'lookdial_temperature_limit_celsius', help: 'Where a zone makes the kernel slow down', labels: ['zone'] },
    async set => {
      for (const { name, limitCelsius } of (await machine.read()).zones) {
        if (limitCelsius !== undefined) set(limitCelsius, { zone: name });
      }
    },
  );
  gauge(
    registry,
    { name: 'lookdial_power_watts', help: 'Power that is drawn on a rail', labels: ['rail'] },
    async set => {
      for (const { name, watts } of (await machine.read()).power) set(watts, { rail: name });
    },
  );
  gauge(
    registry,
    { name: 'lookdial_throttled', help: 'Processors that the kernel has slowed down, of heat or of power' },
    async set => set((await machine.read()).throttled.length),
  );
  gauge(
    registry,
    {
      name: 'lookdial_picture_rate_limit',
      help: 'Pictures a second that a drag may ask for; 0 for as many as it likes',
    },
    set => set(machine.heat.picturesPerSecond ?? 0),
  );
}
