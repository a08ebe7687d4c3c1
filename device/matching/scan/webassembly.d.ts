/** What the search uses of WebAssembly's JavaScript interface: the types of Node leave it to the browser's, which have no place here. */
declare namespace WebAssembly {
  /** Whether the bytes are a module. */
  function validate(bytes: Uint8Array): boolean;
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    /** @param pages of 65,536 bytes */
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}
