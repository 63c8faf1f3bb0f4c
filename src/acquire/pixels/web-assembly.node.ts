/** Memory that WebAssembly computes in, shared by threads. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** What is used of WebAssembly here; TypeScript knows it of pages only. */
interface WebAssemblyOfNode {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => WasmMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => {
    readonly exports: unknown;
  };
}

export const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyOfNode }).WebAssembly;
