/**
 * How `npm start` and the box's unit start the daemon, so that what is measured is what runs there. Both are read when a process
 * begins: none can set them for itself. See docs/decisions/0029-what-is-freed-goes-back.md.
 */

/** What glibc's allocator is told, in the environment. */
export const ALLOCATOR = {
  /** Pools of memory that threads share; eight a core unless told, each with the most it once needed. */
  MALLOC_ARENA_MAX: '2',
  /** From so many bytes on a block is the system's own, and goes back when it is freed; else the bound follows the largest freed. */
  MALLOC_MMAP_THRESHOLD_: '131072',
} as const;

/** Half of what new objects may fill before those that live are moved out, megabytes; 32 unless told, and kept while it is busy. */
export const NODE_FLAGS = ['--max-semi-space-size=8'] as const;
